// Command appserve-bench compares appserve with the servers it takes the
// place of: the same application, the same number of worker processes, the
// same load, in turns, each time from a new start.
//
// It owns the applications and configurations under test, the servers it
// starts on free loopback ports (and ends, by their own process ids only), the
// load by wrk, the accounting of CPU time over whole process trees, and the
// table. It refuses to judge: it prints medians and ratios and asserts
// nothing. A server that is not installed is named and left out.
package main
