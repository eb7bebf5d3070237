// Placeholder: to be deleted with this target's first file.
