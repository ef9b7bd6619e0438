package main

import "slices"

// sample is one load of one server, or the median of several.
type sample struct {
	Rate   float64 `json:"rate"`       // requests per second
	P50    float64 `json:"p50_us"`     // latency, microseconds
	P99    float64 `json:"p99_us"`     // latency, microseconds
	CPU    float64 `json:"cpu_us"`     // CPU microseconds per request, the server's whole process tree
	RSS    int64   `json:"rss_bytes"`  // of the front at its largest; 0: the server has none apart from its workers
	Errors int64   `json:"bad_answer"` // requests that failed or were not answered 2xx
	// Idle is what the idle connections cost that were open meanwhile; absent
	// when the work has none.
	Idle *idleSample `json:"idle,omitempty"`
}

// idleSample is what idle connections cost.
type idleSample struct {
	CPUAlone float64 `json:"cpu_alone_us"` // CPU microseconds per request of the same load without them
	RSS      float64 `json:"rss_bytes"`    // of the front, for each of them
}

// medianOf is the median of every column by itself; errors are added up.
func medianOf(samples []sample) sample {
	column := func(get func(sample) float64) float64 {
		values := make([]float64, 0, len(samples))
		for _, s := range samples {
			values = append(values, get(s))
		}
		return median(values)
	}
	m := sample{
		Rate: column(func(s sample) float64 { return s.Rate }),
		P50:  column(func(s sample) float64 { return s.P50 }),
		P99:  column(func(s sample) float64 { return s.P99 }),
		CPU:  column(func(s sample) float64 { return s.CPU }),
		RSS:  int64(column(func(s sample) float64 { return float64(s.RSS) })),
	}
	for _, s := range samples {
		m.Errors += s.Errors
	}
	if len(samples) > 0 && samples[0].Idle != nil {
		m.Idle = &idleSample{
			CPUAlone: column(func(s sample) float64 { return s.Idle.CPUAlone }),
			RSS:      column(func(s sample) float64 { return s.Idle.RSS }),
		}
	}
	return m
}

// median of values; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// ratios are how one server did against another.
type ratios struct {
	Rate float64 `json:"rate"`
	CPU  float64 `json:"cpu"`
}

// compare is the median over the rounds of ours divided by theirs. Both sides
// of each division ran within the same minute, so a machine that slows down
// halfway does not decide.
func compare(ours, theirs []sample) ratios {
	var rates, cpus []float64
	for i := range min(len(ours), len(theirs)) {
		if theirs[i].Rate > 0 {
			rates = append(rates, ours[i].Rate/theirs[i].Rate)
		}
		if theirs[i].CPU > 0 {
			cpus = append(cpus, ours[i].CPU/theirs[i].CPU)
		}
	}
	return ratios{Rate: median(rates), CPU: median(cpus)}
}
