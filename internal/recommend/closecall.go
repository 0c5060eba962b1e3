package recommend

import "fmt"

// closeCallScreen shows the two contenders with the same room and in a fixed
// order, and the answers that would settle it, for either of them.
func (c *Criteria) closeCallScreen(p *page, r *Recommendation, a Answers) {
	p.addRight("", "The answers do not settle it: you choose", fmt.Sprintf("%s (%d : %d)", r.Confidence.Word(), r.Node, r.Python))
	contenders := c.Contenders(a)
	p.beside(c.block(contenders[0], r, a), c.block(contenders[len(contenders)-1], r, a))
	settling := c.settling(a, r.Open, contenders)
	if len(settling) == 0 {
		p.add("  ", "No single answer would settle it.")
		return
	}
	p.add("  ", "Would settle it, for example:")
	for _, fl := range settling {
		p.add("    ", c.flipText(fl, a))
	}
}

// block is one side of a close call: the stack, its arguments and its price.
func (c *Criteria) block(choice Choice, r *Recommendation, a Answers) []string {
	lines := hang("", StackLabel(choice.Stack), half)
	args := c.arguments(choice, r)
	for _, text := range args {
		lines = append(lines, hang("+ ", text, half)...)
	}
	if len(args) == 0 {
		lines = append(lines, "+ (no answer speaks for it yet)")
	}
	for _, t := range c.TensionsOf(a, choice.Runtime) {
		lines = append(lines, hang("- ", t.Text, half)...)
	}
	return lines
}

// arguments are the three answers with most points for one runtime; for a hybrid,
// what the article says for using both.
func (c *Criteria) arguments(choice Choice, r *Recommendation) []string {
	texts := []string{}
	if choice.Runtime == Hybrid {
		for _, n := range choice.Cites {
			texts = append(texts, c.statements[n].Text)
		}
		return texts
	}
	points := func(row Row) int { return row.Node }
	if choice.Runtime == Python {
		points = func(row Row) int { return row.Python }
	}
	for _, row := range top(r.Rows, points) {
		q, _ := c.Question(row.Question)
		o, _ := q.Option(row.Answer)
		hedge := ""
		if choice.Runtime == Python {
			hedge = c.hedge(o.Cites)
		}
		texts = append(texts, fmt.Sprintf("%d  %s%s", points(row), o.Label, hedge))
	}
	return texts
}

// settling gives up to two answers for each contender that would end the close
// call in its favour, open questions first.
func (c *Criteria) settling(a Answers, open []string, contenders []Choice) []Flip {
	shown := []Flip{}
	flips := openFirst(c.alternatives(c.read(a), func(b build) bool { return !b.closeCall }), open)
	for _, choice := range contenders {
		count := 0
		for _, fl := range flips {
			if fl.Runtime == choice.Runtime && fl.Answer != NotSure && count < 2 {
				shown, count = append(shown, fl), count+1
			}
		}
	}
	return shown
}
