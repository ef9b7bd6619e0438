package exchange

import "github.com/appserve/appserve/listeners/variable"

// proven is an exchange as an application may be told about it: $remote_user
// is a user whose password was checked. A log line and the key of a rate limit
// may have the name that somebody only claims; a header that an application
// believes may not.
type proven Exchange

// Proven is the source of variables for what an application gets.
func (x *Exchange) Proven() variable.Source { return (*proven)(x) }

// AppendVariable implements variable.Source.
func (p *proven) AppendVariable(dst []byte, id variable.ID, argument string) []byte {
	if id == variable.RemoteUser {
		return append(dst, p.client.user...)
	}
	return (*Exchange)(p).AppendVariable(dst, id, argument)
}
