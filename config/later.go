package config

// laterRow is a row that a later stage delivers. It is recognised and refused.
func laterRow(name string, st stage, doc string) row {
	return row{name: name, stage: st, doc: doc}
}

// laterBlock is a block that a later stage delivers.
func laterBlock(name, label string, st stage, doc string) *schema {
	return &schema{name: name, phrase: "a " + name + " block", label: label, stage: st, doc: doc}
}

// adminSchema is the admin block of the stage operate.
func adminSchema() *schema {
	return laterBlock("admin", "", stageOperate, "Status, metrics and reload through a socket.")
}

// acmeSchema is the acme block, for certificates.
func acmeSchema() *schema {
	return laterBlock("acme", "NAME", stageLater, "Certificates by ACME.")
}
