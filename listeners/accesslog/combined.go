package accesslog

import "github.com/appserve/appserve/listeners/variable"

// appendCombined writes what nginx calls combined:
//
//	$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"
func (l *Log) appendCombined(dst []byte, e Entry) []byte {
	dst = appendText(dst, e, variable.RemoteAddr, "")
	dst = append(dst, " - "...)
	dst = appendText(dst, e, variable.RemoteUser, "")
	dst = append(dst, " ["...)
	dst = append(dst, l.clock.Local(e.Finished())...)
	dst = append(dst, `] "`...)
	dst = appendText(dst, e, variable.Request, "")
	dst = append(dst, `" `...)
	dst = e.AppendVariable(dst, variable.Status, "")
	dst = append(dst, ' ')
	dst = e.AppendVariable(dst, variable.BodyBytesSent, "")
	dst = append(dst, ` "`...)
	dst = appendText(dst, e, variable.HTTP, "Referer")
	dst = append(dst, `" "`...)
	dst = appendText(dst, e, variable.HTTP, "User-Agent")
	return append(dst, '"')
}

func appendText(dst []byte, e Entry, id variable.ID, argument string) []byte {
	return variable.AppendEscaped(dst, e, id, argument, variable.LogLine)
}
