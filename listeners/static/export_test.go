package static

// UseWalk makes a handler open files as on a kernel without openat2.
func UseWalk(h *Handler) { h.folder.beyond = walk }
