package listeners

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"net"
	"strconv"
	"strings"

	"github.com/appserve/appserve/listeners/exchange"
)

// newPeer is what all requests of a connection share.
func newPeer(d *door, nc net.Conn) exchange.Peer {
	peer := exchange.Peer{Scheme: "http", ServerPort: "80", Trust: &d.trust}
	if a := d.arrivals.Load(); a != nil {
		peer.Pace = a.pace
	}
	if s, ok := nc.(*secured); ok {
		peer.Scheme, peer.ServerPort = "https", "443"
		peer.TLS = describeTLS(s.ConnectionState())
	}
	if remote, ok := nc.RemoteAddr().(*net.TCPAddr); ok {
		peer.RemoteHost, peer.RemotePort = remote.IP.String(), strconv.Itoa(remote.Port)
	}
	if local, ok := nc.LocalAddr().(*net.TCPAddr); ok {
		peer.ServerPort = strconv.Itoa(local.Port)
		peer.ServerHost = hostOf(local.IP)
	}
	return peer
}

func describeTLS(state tls.ConnectionState) *exchange.TLS {
	t := &exchange.TLS{
		Version: strings.Replace(tls.VersionName(state.Version), "TLS ", "TLSv", 1), ServerName: strings.ToLower(state.ServerName), Verify: "NONE",
	}
	if len(state.PeerCertificates) == 0 {
		return t
	}
	client := state.PeerCertificates[0]
	digest := sha256.Sum256(client.Raw)
	t.Verify, t.Subject = "SUCCESS", client.Subject.String()
	t.Serial, t.Fingerprint = strings.ToUpper(client.SerialNumber.Text(16)), hex.EncodeToString(digest[:])
	return t
}
