package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/certificates"
)

// certificateNotice is how long before its end a certificate is warned of.
const certificateNotice = 14 * 24 * time.Hour

// lintCertificates reads the files of every tls block: keys must fit,
// certificates must be good for today and for the hosts of the sites.
func lintCertificates(loaded *config.Loaded, now time.Time) {
	for _, listener := range loaded.Config().Listeners {
		if listener.TLS == nil {
			continue
		}
		if file := listener.TLS.ClientCA; file != "" {
			if _, err := certificates.InspectAuthorities(file); err != nil {
				loaded.Add(config.SeverityError, placeOf(listener.TLS.Block, "client_ca"), "These authorities cannot be used", err.Error())
			}
		}
		var good []certificates.Facts
		for _, pair := range listener.TLS.Pairs {
			if facts, ok := lintPair(loaded, pair, now); ok {
				good = append(good, facts)
			}
		}
		if len(good) == len(listener.TLS.Pairs) {
			lintCertificateNames(loaded, listener, good)
		}
	}
}

func lintPair(loaded *config.Loaded, pair *config.CertificatePair, now time.Time) (certificates.Facts, bool) {
	facts, err := certificates.Inspect(pair.Certificate, pair.Key)
	if err != nil {
		place, what := placeOf(pair.Block, "certificate"), "This certificate cannot be used"
		var file *certificates.FileError
		if errors.As(err, &file) && file.Path == pair.Key && pair.Key != pair.Certificate {
			place, what = placeOf(pair.Block, "key"), "This key cannot be used"
		}
		loaded.Add(config.SeverityError, place, what, err.Error())
		return facts, false
	}
	place := placeOf(pair.Block, "certificate")
	switch until := facts.NotAfter.UTC().Format("2 January 2006 15:04 UTC"); {
	case now.After(facts.NotAfter):
		loaded.Warn("certificate-expiry", place, "This certificate has run out", "It was good until "+until+". Renew it; appserve reads it again when it changes.")
	case now.Before(facts.NotBefore):
		loaded.Warn("certificate-expiry", place, "This certificate is not good yet", "It is good from "+facts.NotBefore.UTC().Format("2 January 2006 15:04 UTC")+" on. Is the clock of this machine right?")
	case facts.NotAfter.Sub(now) < certificateNotice:
		loaded.Warn("certificate-expiry", place, fmt.Sprintf("This certificate runs out in %s", count(int(facts.NotAfter.Sub(now).Hours()/24), "day", "days")),
			"It is good until "+until+". Renew it; appserve reads it again when it changes.")
	}
	return facts, true
}

// lintCertificateNames warns of hosts that no certificate of the listener is good for.
func lintCertificateNames(loaded *config.Loaded, listener *config.Listener, good []certificates.Facts) {
	for _, site := range loaded.Config().Sites {
		if !slices.Contains(site.Listeners, listener.Name) {
			continue
		}
		var missing, names []string
		for _, host := range site.Hosts {
			if !slices.ContainsFunc(good, func(f certificates.Facts) bool { return f.Covers(host) }) {
				missing = append(missing, host)
			}
		}
		if len(missing) == 0 {
			continue
		}
		for _, f := range good {
			names = append(names, f.Names...)
		}
		slices.Sort(names)
		loaded.Warn("certificate-names", placeOf(site.Block, "hosts"), fmt.Sprintf("No certificate of listener %q is good for %s", listener.Name, strings.Join(missing, ", ")),
			"Its certificates are for "+strings.Join(slices.Compact(names), ", ")+". Add a pair to its tls block, or a certificate with that name.")
	}
}
