package password

import (
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

const long = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

// What openssl passwd, crypt(3) and the first bcrypt wrote.
func TestMatches(t *testing.T) {
	for hash, password := range map[string]string{
		"$apr1$saltsalt$a8ml/vK5HEjiZ5oypDWA7/":                                                                                   "",
		"$apr1$x$16j9.5e7KiXmuYFAYpPJM/":                                                                                          "a",
		"$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0":                                                                                   "secret",
		"$apr1$x$mZJDCruwLZyjk80V2jNUr0":                                                                                          "correct horse battery staple",
		"$apr1$saltsalt$JUhPA1vYPeytPQglf09Gh0":                                                                                   long,
		"$apr1$saltsalt$WCqQaK4F4uki/JskBVWEV/":                                                                                   "pässwört€",
		"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW":                                                            "U*U",
		"$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW":                                                            "U*U",
		"$6$saltsalt$8gzUrz5S2/0AfMGfui2LllQQ2fwu.jYnAVGef2XY7gAo0jNFrzHsTq9lMr2ze7QvIJxr4BYOKdgDpx4Va9Atb1":                      "a",
		"$6$x$mQUKLCQR1S846TztirS7Ejo4KyTtZWzcyuF2/43jqoJTDZXRb8L.bXBNxX9GCZhKdADbfqEnGZyv89igC73DL/":                             "secret",
		"$6$saltsalt$CPgxBHZBXfhC6lX1yxpdEsbQfXmg3WXVj8AoVwyNFLfb5AtbfM8k6A8yehv1z6sgzoH/DUIs7YK9hVnGhTjhW/":                      "correct horse battery staple",
		"$6$saltsalt$D.BMCfoAveJ9ut93Xq7LmtiA1r6OqkciVTqOgQ6nEcLeW3J.INKge.FSuDNQzmp5hiyAh.rDev0/uQAqp/uPv/":                      long,
		"$6$x$bGLWZgYaCFmSBksDjK3g7q1nMOn9/UsgUrEUJQxdxu8nfMnBdzo9OhoJOELq2XqdSHJHwxuLfLg.YpV2e0geD/":                             "pässwört€",
		"$6$rounds=1000$abc$MqEcPZUYRGGcOeq7PhMpfjfu/F0HrVEI0OlZBijWvO8mSG77iNUDP5MqFceKpJTBc8iITVtNyLiNTRNCxv6oh0":               "secret",
		"$6$rounds=5000$abcdefghijklmnop$J/AWykHqo2Tx5UtavGnFc3ytI33la50JpzLTarSWVhkIXK6wOjNwwZjsrIw2UgmrER2EKrSHCeQyAINEEXAk1/":  "secret",
		"$6$rounds=12345$toolongsaltstrin$JIKqZ1c6HVi4PPYgieTt1EfKB2iA/FeYBq9R18MDMSnzlqvX9TOajAYgIoB.sdRPK9DriT/1SdVz.MMO872ED.": "secret",
		"$6$$2M9DchxW4txWyTYoZrH9D3VvAAQxBpEezYsLY6Cao.jwzEXpyL9xwip9hiUZX7GqTqe/E/z6iKvZqXUuqniQH.":                              "secret",
		"$6$rounds=1234$abcd$RAOxUlYz3zLB9iqZTVwyrwVRkv0hVdM.jsu5N66w0gbt/Q3nzpLF0xHUSSf1fDNxWhqUxTJZtn4aX9HNhxhcH1":              strings.Repeat("x", 200),
	} {
		h, err := Parse(hash)
		if err != nil {
			t.Errorf("%s: %v", hash, err)
			continue
		}
		if !h.Matches(password) {
			t.Errorf("%s: %q does not match", hash, password)
		}
		for _, wrong := range []string{password + "x", "x" + password, strings.ToUpper(password + "z")} {
			if len(password) < 72 && h.Matches(wrong) {
				t.Errorf("%s: %q matches", hash, wrong)
			}
		}
		if h.Text() != hash {
			t.Errorf("%s became %s", hash, h.Text())
		}
	}
}

func TestMatches_Bcrypt(t *testing.T) {
	made, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"$2a$", "$2b$", "$2y$"} {
		h, err := Parse(version + string(made[4:]))
		if err != nil || !h.Matches("secret") || h.Matches("Secret") || h.Matches("") {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestParse_Refuses(t *testing.T) {
	for text, want := range map[string]string{
		"secret":                            "not a hash",
		"":                                  "not a hash",
		"$":                                 "not a hash",
		"rqXexS6ZhobKA":                     "not a hash", // crypt(3) with DES looks like a password
		"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=": "kind {SHA}",
		"{PLAIN}secret":                     "kind {PLAIN}",
		"$1$salt$qJH7.N4xYta3aEG/dfqo/0":    "kind $1$",
		"$5$salt$x":                         "kind $5$",
		"$y$j9T$x":                          "kind $y$",
		"$argon2id$v=19$m=65536":            "kind $argon2id$",
		"$2y$05$short":                      "bcrypt hash is damaged",
		"$2y$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW": "bcrypt hash is damaged",
		"$6$salt":                                       "sha512-crypt hash is damaged",
		"$6$salt$short":                                 "sha512-crypt hash is damaged",
		"$2y$17$" + strings.Repeat("a", 53):             "cost 17",
		"$2y$31$" + strings.Repeat("a", 53):             "cost 31",
		"$6$rounds=10$salt$x":                           "rounds",
		"$6$rounds=99999999$a$x":                        "rounds",
		"$apr1$saltsalt$short":                          "apr1 hash is damaged",
		"$apr1$saltsaltsalt$" + strings.Repeat("x", 22): "apr1 hash is damaged",
		"$apr1$saltsalt$" + strings.Repeat("!", 22):     "apr1 hash is damaged",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
			continue
		}
		if len(text) > 12 && strings.Contains(err.Error(), text[8:]) {
			t.Errorf("%q: the error shows it: %v", text, err)
		}
	}
}

func TestWork(t *testing.T) {
	var before int64
	for _, text := range []string{
		"$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0",
		"$6$rounds=1000$abc$MqEcPZUYRGGcOeq7PhMpfjfu/F0HrVEI0OlZBijWvO8mSG77iNUDP5MqFceKpJTBc8iITVtNyLiNTRNCxv6oh0",
		"$6$x$mQUKLCQR1S846TztirS7Ejo4KyTtZWzcyuF2/43jqoJTDZXRb8L.bXBNxX9GCZhKdADbfqEnGZyv89igC73DL/",
		"$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
		"$2y$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
	} {
		h, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if h.Work() <= before {
			t.Errorf("%s: %d after %d", text, h.Work(), before)
		}
		before = h.Work()
	}
	if (Hash{}).Work() != 0 {
		t.Error("no hash is some work")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"$6$rounds=1000$a$b", "$apr1$a$b", "$2y$05$", "{", "$1", "$argon2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := Parse(text)
		if err == nil && h.Text() != text {
			t.Fatalf("%q became %q", text, h.Text())
		}
	})
}

func BenchmarkMatches(b *testing.B) {
	made, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.DefaultCost)
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"bcrypt-10": string(made),
		"sha512":    "$6$x$mQUKLCQR1S846TztirS7Ejo4KyTtZWzcyuF2/43jqoJTDZXRb8L.bXBNxX9GCZhKdADbfqEnGZyv89igC73DL/",
		"apr1":      "$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0",
	} {
		b.Run(name, func(b *testing.B) {
			h, err := Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				h.Matches("secret")
			}
		})
	}
}
