"""Numbers: small and large integers, bits, floats, complex numbers, decimals, fractions, `math`, `random`."""

from __future__ import annotations

import decimal
import fractions
import math
import random
import statistics


def mandelbrot(size):
    inside = 0
    for row in range(size):
        for column in range(size):
            c_re, c_im = column * 3.0 / size - 2.0, row * 2.0 / size - 1.0
            z_re = z_im = 0.0
            for _ in range(25):
                z_re, z_im = z_re * z_re - z_im * z_im + c_re, 2.0 * z_re * z_im + c_im
                if z_re * z_re + z_im * z_im > 4.0:
                    break
            else:
                inside += 1
    return inside


def integral(steps):
    width = 1.0 / steps
    area = 0.0
    position = width / 2
    while position < 1.0:
        area += 4.0 / (1.0 + position * position) * width
        position += width
    return area


def checksum(data):
    low, high = 1, 0
    for byte in data:
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return high << 16 | low


def gcd(first, second):
    while second:
        first, second = second, first % second
    return first


def work():
    mandelbrot(24)
    assert abs(integral(4000) - math.pi) < 1e-5
    checksum(bytes(range(256)) * 12)
    for number in range(1, 600):
        gcd(number * 12345, 67890)
        (number & 0xFF) ^ (number << 3) | ~number >> 1
        divmod(number * 7919, 13), number**2, -number // 7, number % -5
        int(number * 1.7), float(number), round(number / 7, 2), number / 3 < 50.0 <= number
        math.sqrt(number), math.sin(number), math.floor(number / 2), math.isclose(number, 3.0)
    seed = 1
    for _ in range(3000):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    product = 1
    for number in range(1, 120):
        product *= number
    assert product % 10**20 == 0 and int(str(product)) == product
    pow(3, 10**30, 10**9 + 7), math.isqrt(product), product.bit_length(), math.factorial(60), hash(product)
    generator = random.Random(7)
    values = [generator.random() for _ in range(600)]
    generator.shuffle(values), generator.randint(1, 6), generator.gauss(0.0, 1.0), generator.choice(values)
    statistics.fmean(values), statistics.pstdev(values[:50]), math.fsum(values), sum(values)
    price = sum((decimal.Decimal(n) / 7 for n in range(60)), decimal.Decimal("0.10"))
    price.quantize(decimal.Decimal("0.01")), fractions.Fraction(3, 7) + fractions.Fraction(2, 5)
    abs(complex(3, 4) * 2j)
