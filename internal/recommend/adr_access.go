package recommend

// TensionsOf gives the tensions that hold if the answers lead to that runtime,
// recommended or not: what speaks against it in practice.
func (c *Criteria) TensionsOf(a Answers, runtime string) []Remark {
	f := c.read(a)
	for rt, key := range runtimeKeys {
		if key == runtime {
			f.runtime = 1 << rt
		}
	}
	held := []Remark{}
	for _, key := range holding(c.tensions, f) {
		r, _ := c.Tension(key)
		held = append(held, r)
	}
	return held
}

// TieStep says which step of the tie-break decides when the points are level:
// the core need that holds, or the question whose answer leans, or neither, when
// it is the last step, which always decides.
func (c *Criteria) TieStep(a Answers) (need, question string) {
	f := c.read(a)
	for _, s := range c.tieBreak {
		switch {
		case s.leanOf >= 0:
			if c.questions[s.leanOf].points(f.seen[s.leanOf]) != 0 {
				return "", c.questions[s.leanOf].Key
			}
		case s.need == 0:
			return "", ""
		case f.needs&s.need != 0:
			for i := range c.needs {
				if s.need == 1<<i {
					return c.needs[i].Key, ""
				}
			}
		}
	}
	return "", ""
}
