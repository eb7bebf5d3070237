// Counts the primes below the number that is its input, in Rust with WASI: standard input is the input, and what
// `__faasm_write_output` is given is the output. Without a number the code is 2.
use std::io::Read;

extern "C" {
    fn __faasm_write_output(output: *const u8, length: i32);
}

fn main() {
    let mut input = String::new();
    let number = match std::io::stdin().read_to_string(&mut input).ok().and_then(|_| input.trim().parse::<usize>().ok()) {
        Some(number) => number,
        None => std::process::exit(2),
    };
    let mut is_composite = vec![false; number.max(2)];
    let mut count = 0;
    for candidate in 2..number {
        if is_composite[candidate] {
            continue;
        }
        count += 1;
        for multiple in (candidate * candidate..number).step_by(candidate) {
            is_composite[multiple] = true;
        }
    }
    println!("counted up to {}", number);
    let output = count.to_string();
    unsafe { __faasm_write_output(output.as_ptr(), output.len() as i32) };
}
