package config

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// unixPathMax is what fits into a sockaddr_un with its final zero byte.
const unixPathMax = 107

// listenAddress is where a listener listens.
func listenAddress() kind {
	return addressKind(`":8000"`, parseListenAddress)
}

// dialAddress is where a server of an upstream is reached.
func dialAddress() kind {
	return addressKind(`"127.0.0.1:9000"`, parseDialAddress)
}

func addressKind(example string, parse func(c *cell, s string) (any, *fault)) kind {
	k := ofString("address", example, `"http://example.com/"`, parse, func(v any) string { return quote(v.(Address).Text) })
	readText := k.read
	k.read = func(c *cell, v cty.Value) (any, *fault) {
		if v.Type() == cty.Number {
			n, _ := v.AsBigFloat().Int64()
			return nil, c.fault("An address is a string", "%s", c.write(quote(":"+strconv.FormatInt(n, 10))))
		}
		return readText(c, v)
	}
	return k
}

func parseListenAddress(c *cell, s string) (any, *fault) {
	if name, ok := strings.CutPrefix(s, "systemd:"); ok {
		if name == "" || strings.ContainsAny(name, ": \t") {
			return nil, c.fault("This socket name cannot be used", `A socket of systemd is named by FileDescriptorName=, without colons or spaces. %s`, c.write(`"systemd:web"`))
		}
		return Address{Text: s, Network: "systemd", Target: name}, nil
	}
	if strings.HasPrefix(s, "unix:") {
		return c.unixAddress(s)
	}
	host, port, f := c.hostPort(s)
	if f != nil {
		return nil, f
	}
	switch ip, err := netip.ParseAddr(host); {
	case host == "" || err == nil && ip == netip.IPv6Unspecified():
		return Address{Text: ":" + port, Network: "tcp", Target: ":" + port}, nil
	case err != nil:
		return nil, c.listenOnName(host, port)
	case ip.Is4():
		return Address{Text: host + ":" + port, Network: "tcp4", Target: host + ":" + port}, nil
	default:
		target := "[" + ip.String() + "]:" + port
		return Address{Text: target, Network: "tcp", Target: target}, nil
	}
}

// listenOnName answers a name where an IP address belongs.
func (c *cell) listenOnName(host, port string) *fault {
	switch host {
	case "*":
		return c.fault("This address has no IP address", "All addresses of the machine are written without one. %s", c.write(quote(":"+port)))
	case "localhost":
		return c.fault("This address is a name", "A listener takes IP addresses. %s", c.write(quote("127.0.0.1:"+port)))
	}
	return c.fault("This address is a name", "%s is no IP address, and a listener takes only those: what a name means can change. %s",
		quote(host), c.write(quote(":"+port)))
}

func parseDialAddress(c *cell, s string) (any, *fault) {
	if strings.HasPrefix(s, "unix:") {
		return c.unixAddress(s)
	}
	host, port, f := c.hostPort(s)
	if f != nil {
		return nil, f
	}
	if port == "0" {
		return nil, c.fault("This address has no port", "Port 0 cannot be called. %s", c.write(quote("127.0.0.1:9000")))
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || host == "*":
		return nil, c.fault("This address has no host", "A server is called at one place. %s", c.write(quote("127.0.0.1:"+port)))
	case err == nil && ip.Is4():
		return Address{Text: host + ":" + port, Network: "tcp4", Target: host + ":" + port}, nil
	case err == nil:
		target := "[" + ip.String() + "]:" + port
		return Address{Text: target, Network: "tcp", Target: target}, nil
	}
	name, why := asciiHost(host)
	if why != "" {
		return nil, c.fault("This address cannot be used", "%s %s. %s", quote(host), why, c.write(quote("127.0.0.1:"+port)))
	}
	return Address{Text: name + ":" + port, Network: "tcp", Target: name + ":" + port}, nil
}

// unixAddress reads "unix:/run/x.sock" and "unix:@abstract".
func (c *cell) unixAddress(s string) (any, *fault) {
	path := strings.TrimPrefix(s, "unix:")
	switch {
	case strings.HasPrefix(path, "//"):
		return nil, c.fault("This address has a slash too many", "%s", c.write(quote("unix:/"+strings.TrimLeft(path, "/"))))
	case path == "" || path == "@":
		return nil, c.fault("This address has no path", "%s", c.write(`"unix:/run/appserve/app.sock"`))
	case strings.HasSuffix(path, "/"), strings.HasSuffix(path, ":"):
		return nil, c.fault("This address has no socket name", "The path ends in a folder. %s", c.write(`"unix:/run/appserve/app.sock"`))
	case strings.ContainsFunc(path, isControl):
		return nil, c.fault("This address holds a control character", "%s", c.write(`"unix:/run/appserve/app.sock"`))
	}
	if path[0] != '@' {
		path = absolute(c.folder, path)
	}
	if len(path) > unixPathMax {
		return nil, c.fault("This socket path is too long", "The system allows %d bytes, and %s has %d. A folder in /run is short.", unixPathMax, quote(path), len(path))
	}
	return Address{Text: "unix:" + path, Network: "unix", Target: path}, nil
}

// hostPort cuts "host:port", and answers what people write instead.
func (c *cell) hostPort(s string) (host, port string, f *fault) {
	example := c.row.kind.example
	if scheme, _, ok := strings.Cut(s, "://"); ok {
		return "", "", c.fault("An address is not a URL", "Leave %s out. %s", quote(scheme+"://"), c.write(example))
	}
	if strings.HasPrefix(s, "/") {
		return "", "", c.fault("This address needs \"unix:\"", "%s", c.write(quote("unix:"+s)))
	}
	if _, err := strconv.Atoi(s); err == nil {
		return "", "", c.fault("This address needs a colon", "%s", c.write(quote(":"+s)))
	}
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.HasSuffix(s, "]") {
		return "", "", c.fault("This address has no port", "%s", c.write(quote(s+":8000")))
	}
	host, port = s[:i], s[i+1:]
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return "", "", c.fault("This port cannot be used", "%s is not a number from 0 to 65535. %s", quote(port), c.write(example))
	}
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		if inner := host[1 : len(host)-1]; strings.Contains(inner, ":") {
			return inner, port, nil
		}
		return "", "", c.fault("This address cannot be used", "Brackets are for IPv6 addresses. %s", c.write(example))
	}
	if strings.Contains(host, ":") {
		return "", "", c.fault("This address needs brackets", "An IPv6 address stands in brackets. %s", c.write(quote("["+host+"]:"+port)))
	}
	return host, port, nil
}
