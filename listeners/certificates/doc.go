// Package certificates owns what TLS needs of a listener: certificate pairs
// chosen by the name a client asks for, client authorities, session tickets,
// versions and ciphers. Its files are read again when they change. It refuses
// to accept connections and to know what is spoken inside of them.
package certificates
