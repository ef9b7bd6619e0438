package certificates

// Pair is a certificate chain and its key, as files in PEM.
type Pair struct {
	Certificate string // the leaf first, then what leads to an authority
	Key         string
}
