package pool

// failure is why a request gets appserve's own answer, or none at all.
type failure struct {
	status int
	reason string // $reason, language.md section 9
}

// The failures of requests. Each is handled and logged where it is found.
func failQueueFull() *failure     { return &failure{503, "queue_full"} }
func failQueueTimeout() *failure  { return &failure{503, "queue_timeout"} }
func failBoot() *failure          { return &failure{503, "boot_failed"} }
func failStopping() *failure      { return &failure{503, "stopping"} }
func failCrashed() *failure       { return &failure{502, "worker_crashed"} }
func failProtocol() *failure      { return &failure{502, "worker_protocol"} }
func failLinkClosed() *failure    { return &failure{502, "link_closed"} }
func failBadResponse() *failure   { return &failure{502, "bad_response"} }
func failShortResponse() *failure { return &failure{502, "short_response"} }
func failTimeout() *failure       { return &failure{504, "request_timeout"} }
func failApplication() *failure   { return &failure{500, "app_error"} }
func failExit() *failure          { return &failure{500, "app_exit"} }
func failClientGone() *failure    { return &failure{499, "client_gone"} }
func failSpool() *failure         { return &failure{503, "spool_full"} }
func failTooLarge() *failure      { return &failure{431, "header_too_large"} }

// retryAfter says whether the client may well come back soon.
func (f *failure) retryAfter() bool { return f.status == 503 }
