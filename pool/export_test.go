package pool

// Join waits until every goroutine of an ended pool has ended.
func (p *Pool) Join() { p.tasks.Wait() }

// Queued is the number of requests that wait.
func (p *Pool) Queued() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.queue.length
}

// Ready is the number of workers that take requests.
func (p *Pool) Ready() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.ready)
}

// Retiring says whether the pool was told to end.
func (p *Pool) Retiring() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.retiring
}
