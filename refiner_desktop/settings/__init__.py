"""What a person chose: settings in a file, keys in the keyring, and where files go."""
