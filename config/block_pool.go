package config

import (
	"slices"
	"time"
)

// poolSchema is the pool block: a Python application and the processes that run it.
func poolSchema() *schema {
	return &schema{
		name: "pool", phrase: "a pool", label: "NAME", named: true,
		doc:    "A Python application, and the worker processes that run it.",
		rows:   slices.Concat(applicationRows(), poolIdentityRows(), processRows(), laterPoolRows()),
		blocks: append([]*schema{queueSchema()}, laterPoolBlocks()...),
		sample: `app = "mysite.wsgi:application"`,
		check:  checkPool,
	}
}

// applicationRows say what is run, and what it finds around it.
func applicationRows() []row {
	return []row{
		{name: "app", kind: application(), required: true,
			doc: "The application: `module:callable`, `module:factory()`, or a file such as `/srv/x/site.wsgi:application`. Without a callable `application` is looked for, then `app`."},
		{name: "interface", kind: oneOf([]string{"auto", "wsgi"}, map[string]stage{"asgi": stageASGI}), def: `"auto"`,
			doc: "How the application is called; `auto` finds out by looking at it."},
		{name: "chdir", kind: filePath(), def: "the folder of this file, or of app when that is a file", computed: defaultChdir, example: `"/srv/mysite"`,
			doc: "Working directory, and first on the import path."},
		{name: "pythonpath", kind: listOf(filePath()), def: "[]", doc: "Further import folders."},
		{name: "virtualenv", kind: filePath(), example: `"/srv/mysite/.venv"`,
			doc: "The virtual environment; `.venv` in chdir when there is one and neither this nor python is set."},
		{name: "python", kind: command(), example: `"/usr/bin/python3"`,
			doc: "The interpreter: a path, or a name on PATH. It implies its virtual environment. Without it and without virtualenv, `python3`."},
		{name: "env", kind: mapOfText(`{ DJANGO_SETTINGS_MODULE = "mysite.settings" }`, `{ "A B" = "c" }`, checkEnvironmentName), def: "{}", secret: true,
			doc: "Environment variables of the workers. Never shown."},
		{name: "env_file", kind: filePath(), example: `"/etc/mysite.env"`,
			doc: "A file of NAME=value lines; env wins over it."},
		{name: "inherit_env", kind: listOf(environmentPattern()), def: `["PATH", "HOME", "LANG", "LC_*", "TZ"]`,
			doc: "Variables of appserve's own environment that workers keep: names, or patterns with `*`."},
	}
}

// poolIdentityRows say as whom it runs.
func poolIdentityRows() []row {
	return []row{
		{name: "user", kind: account(), def: "appserve's user", computed: inheritIdentity("user"), example: `"www-data"`,
			doc: "User of the workers."},
		{name: "group", kind: account(), def: "appserve's group, unless user is set", computed: inheritIdentity("group"), example: `"www-data"`,
			doc: "Their group; the user's own when not set."},
		{name: "supplementary_groups", kind: listOf(account()), def: "appserve's, unless user is set", computed: inheritIdentity("supplementary_groups"), example: `["media"]`,
			doc: "Further groups of theirs."},
		{name: "umask", kind: mode(), example: `"0027"`,
			doc: "Permissions that their files do not get; as appserve has it when not set."},
	}
}

// processRows say how many processes there are, and how long things may take.
func processRows() []row {
	return []row{
		{name: "processes", kind: integer(), def: "max(2, cpus())", computed: defaultProcesses, min: 1, max: 1024, example: "4",
			doc: "Worker processes."},
		{name: "threads", kind: integer(), def: "1", min: 1, max: 1024, doc: "Requests that one process works on at once."},
		{name: "gc", kind: oneOf([]string{"auto", "off"}, nil), def: `"auto"`, example: `"off"`,
			doc: "Garbage collection of Python: `auto` moves it between requests, and leaves alone what the application sets itself; `off` leaves Python alone."},
		{name: "boot_timeout", kind: duration(), def: `"60s"`, max: 24 * time.Hour,
			doc: "How long importing the application may take."},
		{name: "request_timeout", kind: duration(), def: `"60s"`, zero: true, max: maxRequestTimeout,
			doc: "How long the application may stay silent: until the response begins, then between two pieces of it. 504; the worker is replaced."},
		{name: "graceful_timeout", kind: duration(), def: "the longest request_timeout that applies", computed: defaultGraceful, max: maxRequestTimeout, example: `"2m"`,
			doc: "How long requests in flight may go on when their worker is retired."},
		{name: "max_requests", kind: integer(), def: "0", min: 0, max: 1 << 30,
			doc: "Requests after which a process is replaced; the new one boots first. 0: never."},
		{name: "max_requests_jitter", kind: integer(), def: "a tenth of max_requests", computed: defaultJitter, min: 0, max: 1 << 30, example: "100",
			doc: "Spreads max_requests, so that not all processes go at once."},
	}
}

// laterPoolRows come with later versions.
func laterPoolRows() []row {
	return []row{
		laterRow("interrupt_timeout", stageWorkers, "Time between the stages of a timeout."),
		laterRow("concurrency", stageASGI, "Requests in flight per ASGI process."),
		laterRow("max_lifetime", stageWorkers, "Age at which a process is replaced."),
		laterRow("max_rss", stageWorkers, "Memory at which a process is replaced after its request."),
		laterRow("max_rss_hard", stageWorkers, "Memory at which a process is replaced at once."),
		laterRow("preload", stageWorkers, "Imports once, then forks."),
		laterRow("lifespan", stageASGI, "Whether the application has a lifespan."),
		laterRow("loop", stageASGI, "The event loop."),
		laterRow("command", stageTopology, "Any program that serves a socket, instead of app."),
		laterRow("protocol", stageTopology, "What such a program speaks."),
	}
}

func laterPoolBlocks() []*schema {
	return []*schema{
		laterBlock("scaling", "", stageWorkers, "A changing number of processes."),
		laterBlock("reload", "", stageWorkers, "What starts a reload, and how it goes."),
		laterBlock("worker_hooks", "", stageWorkers, "Functions called in the worker."),
		laterBlock("hooks", "", stageOperate, "Commands around a generation."),
		laterBlock("log", "", stageWorkers, "A log of the application's own."),
		laterBlock("cron", "NAME", stageLater, "Scheduled commands."),
		laterBlock("daemon", "NAME", stageLater, "Attached processes."),
		laterBlock("websocket", "", stageASGI, "Limits of WebSockets."),
		laterBlock("health_check", "", stageTopology, "When a foreign program is ready."),
	}
}

// queueSchema is where requests wait while all workers are busy.
func queueSchema() *schema {
	return &schema{
		name: "queue", phrase: "the queue block", single: true, implied: true,
		doc: "Where requests wait while every worker is busy.",
		rows: []row{
			{name: "size", kind: integer(), def: "1024", min: 1, max: 1 << 20,
				doc: "How many may wait; the next one gets 503 with Retry-After."},
			{name: "timeout", kind: duration(), def: `"30s"`, max: maxRequestTimeout,
				doc: "How long one may wait; 503 after it."},
		},
	}
}

func checkPool(c *checking, b *block) {
	if jitter := b.written("max_requests_jitter"); jitter != nil && b.integer("max_requests_jitter") > 0 && b.integer("max_requests") == 0 {
		c.errorAt(jitter.nameAt, `"max_requests_jitter" means nothing without max_requests`, "There is no number to spread. Leave it out, or write: max_requests = 1000")
	}
	graceful := b.written("graceful_timeout")
	if graceful == nil || graceful.value == nil {
		return
	}
	if longest := longestTimeout(c.root, b); b.duration("graceful_timeout") < longest {
		c.warnAt(graceful.at, "short-graceful-timeout", "A reload may cut requests of pool "+quote(b.label),
			"A request may take "+unquoted(printDuration(longest))+" here and has "+unquoted(printDuration(b.duration("graceful_timeout")))+
				" left when its worker is retired. Write: graceful_timeout = "+printDuration(longest))
	}
}

func (f *freezing) pool(b *block) *Pool {
	queue := b.one("queue")
	return &Pool{
		Block:             f.block(b),
		App:               b.text("app"),
		Interface:         b.text("interface"),
		Chdir:             b.text("chdir"),
		PythonPath:        b.texts("pythonpath"),
		Virtualenv:        b.text("virtualenv"),
		Python:            b.text("python"),
		Env:               b.dictionary("env"),
		EnvFile:           b.text("env_file"),
		InheritEnv:        b.texts("inherit_env"),
		Identity:          identity(b),
		Umask:             umask(b),
		Processes:         b.integer("processes"),
		Threads:           b.integer("threads"),
		GC:                b.text("gc"),
		QueueSize:         queue.integer("size"),
		QueueTimeout:      queue.duration("timeout"),
		BootTimeout:       b.duration("boot_timeout"),
		RequestTimeout:    b.duration("request_timeout"),
		GracefulTimeout:   b.duration("graceful_timeout"),
		MaxRequests:       b.integer("max_requests"),
		MaxRequestsJitter: b.integer("max_requests_jitter"),
	}
}

func umask(b *block) *uint32 {
	bits := pointer[fileMode](b, "umask")
	if bits == nil {
		return nil
	}
	mask := uint32(*bits)
	return &mask
}
