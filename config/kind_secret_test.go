package config

import (
	"strings"
	"testing"
)

func TestHashFault(t *testing.T) {
	coded := strings.Repeat("a", 86)
	for _, hash := range []string{
		"$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "$2a$04$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
		"$6$salt$" + coded, "$6$rounds=5000$salt$" + coded, "$6$$" + coded, "$apr1$salt$abcdefghijklmnopqrstu/",
	} {
		if why := hashFault(hash); why != "" {
			t.Errorf("%s: %s", hash, why)
		}
	}
	for _, hash := range []string{
		"", "secret", "$2y$", "$2y$99$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ0123!",
		"$6$", "$6$salt", "$6$salt$abc", "$6$salt$" + coded + "a", "$6$" + strings.Repeat("s", 17) + "$" + coded, "$6$rounds=7$salt$" + coded, "$6$rounds=x$salt$" + coded,
		"$apr1$salt$short", "$1$salt$qJH7.N4xYta3aEG/dfqo/0", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "$5$salt$x", "$argon2id$x", "$y$j9T$x",
	} {
		if hashFault(hash) == "" {
			t.Errorf("%q is taken for a hash", hash)
		}
	}
}

func TestSecretName(t *testing.T) {
	for name, want := range map[string]bool{
		"SECRET": true, "DJANGO_SECRET_KEY": true, "DB_PASSWORD": true, "API_KEY": true, "github_token": true, "PRIVATE_KEY": true,
		"DEBUG": false, "TOKENIZER": false, "KEYBOARD": false, "DJANGO_SETTINGS_MODULE": false, "SECRETARY": false,
	} {
		if got := secretName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
