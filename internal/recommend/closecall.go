package recommend

import "fmt"

// closeCallScreen shows the two contenders with the same room and in a fixed
// order, and the answers that would settle it, for either of them.
func (c *Criteria) closeCallScreen(p *page, r *Recommendation, a Answers, room int) {
	p.addRight("", "The answers do not settle it: you choose", fmt.Sprintf("%s (%d : %d)", r.Confidence.Word(), r.Node, r.Python))
	contenders := c.Contenders(a)
	p.beside(c.block(contenders[0], r, a), c.block(contenders[len(contenders)-1], r, a))
	each := min(2, (room-len(p.lines)-1)/len(contenders))
	if each <= 0 {
		return
	}
	settling := c.settling(a, r.Open, contenders, each)
	if len(settling) == 0 {
		p.add("  ", "No single answer would settle it.")
		return
	}
	p.add("  ", "Would settle it, for example:")
	for _, fl := range settling {
		p.add("    ", c.flipText(fl, a))
	}
}

// block is one side of a close call: the stack, two arguments, and two prices at
// most, so that neither side outgrows the other.
func (c *Criteria) block(choice Choice, r *Recommendation, a Answers) []string {
	lines := hang("", StackLabel(choice.Stack), half)
	args := c.arguments(choice, r)
	for _, text := range args {
		lines = append(lines, hang("+ ", text, half)...)
	}
	if len(args) == 0 {
		lines = append(lines, "+ (no answer speaks for it yet)")
	}
	prices := c.TensionsOf(a, choice.Runtime)
	for _, t := range prices[:min(2, len(prices))] {
		lines = append(lines, hang("- ", t.Text, half)...)
	}
	return lines
}

// arguments are the two answers with most points for one runtime; for a hybrid,
// what the article says in earnest for using both.
func (c *Criteria) arguments(choice Choice, r *Recommendation) []string {
	texts := []string{}
	if choice.Runtime == Hybrid {
		for _, n := range choice.Cites {
			if s := c.statements[n]; s.Strength == "strong" {
				texts = append(texts, s.Text)
			}
		}
		return texts
	}
	points := func(row Row) int { return row.Node }
	if choice.Runtime == Python {
		points = func(row Row) int { return row.Python }
	}
	rows := top(r.Rows, points)
	for _, row := range rows[:min(2, len(rows))] {
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

// settling gives some answers for each contender that would end the close call in
// its favour, open questions first.
func (c *Criteria) settling(a Answers, open []string, contenders []Choice, each int) []Flip {
	shown := []Flip{}
	flips := openFirst(c.alternatives(c.read(a), func(b build) bool { return !b.closeCall }), open)
	for _, choice := range contenders {
		count := 0
		for _, fl := range flips {
			if fl.Runtime == choice.Runtime && fl.Answer != NotSure && count < each {
				shown, count = append(shown, fl), count+1
			}
		}
	}
	return shown
}
