package exchange

// Values of $reason that listeners give (language, section 9). Pools and
// upstreams have their own.
const (
	ReasonNoSite                    = "no_site"
	ReasonNoLocation                = "no_location"
	ReasonBodyTooLarge              = "body_too_large"
	ReasonHeaderTooLarge            = "header_too_large"
	ReasonBadRequest                = "bad_request"
	ReasonHeaderTimeout             = "header_timeout"
	ReasonBodyTimeout               = "body_timeout"
	ReasonSpoolFull                 = "spool_full"
	ReasonClientGone                = "client_gone"
	ReasonPlainHTTP                 = "plain_http"  // HTTP where TLS is spoken
	ReasonMisdirected               = "misdirected" // for a host that the connection's certificate does not cover
	ReasonClientCertificateRequired = "client_certificate_required"
	ReasonIntercepted               = "intercepted"     // an error page took the place of the application's answer
	ReasonUntrustedProxy            = "untrusted_proxy" // it says https, and redirecting it to https would never end
	ReasonInternalError             = "internal_error"  // a handler of ours panicked
)

// Values of $reason of the rules about who may ask, and how often.
const (
	ReasonDenied       = "denied" // the address
	ReasonAuthRequired = "auth_required"
	ReasonAuthFailed   = "auth_failed"
	ReasonAuthBusy     = "auth_busy" // too many passwords are being checked
	ReasonRateLimited  = "rate_limited"
)

// Reason says why appserve itself answered or ended the request; empty when it did not.
func (x *Exchange) Reason() string { return x.reason }

// SetReason says why appserve itself answers; the last one counts.
func (x *Exchange) SetReason(reason string) { x.reason = reason }
