"""What the library is about: values, rules, texts. No numpy, no input or output."""
