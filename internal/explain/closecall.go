package explain

import (
	"fmt"
	"slices"

	"github.com/stackinit/stackinit/internal/recommend"
)

// noVerdict heads a close call.
const noVerdict = "The answers do not settle it: you choose"

// closeCallLines shows the two contenders with the same room and in a fixed order.
func (e Case) closeCallLines(p *page) {
	p.addRight("", noVerdict, e.score())
	contenders := e.Criteria.Contenders(e.Answers)
	p.beside(e.block(contenders[0]), e.block(contenders[len(contenders)-1]))
}

// settlingLines names answers that would settle a close call, for either side, as
// far as there is room for lines on the page.
func (e Case) settlingLines(p *page, room int) {
	contenders := e.Criteria.Contenders(e.Answers)
	each := min(2, (room-len(p.lines)-1)/len(contenders))
	if each <= 0 {
		return
	}
	settling := e.settling(contenders, each)
	if len(settling) == 0 {
		p.add("  ", noSettling)
		return
	}
	p.add("  ", "Would settle it, for example:")
	for _, fl := range settling {
		p.add("    ", e.flipText(fl))
	}
}

const noSettling = "No single answer would settle it."

// block is one side of a close call: the stack, two arguments, and two prices at
// most, so that neither side outgrows the other.
func (e Case) block(choice recommend.Choice) []string {
	lines := hang("", recommend.StackLabel(choice.Stack), half)
	pro, con := e.side(choice)
	for _, text := range pro {
		lines = append(lines, hang("+ ", text, half)...)
	}
	if len(pro) == 0 {
		lines = append(lines, "+ ("+noneYet+")")
	}
	for _, text := range con {
		lines = append(lines, hang("- ", text, half)...)
	}
	return lines
}

const noneYet = "no answer speaks for it yet"

// side gives what speaks for one side of a close call and what it costs: the two
// answers with most points, and two tensions. For a hybrid speaks what the
// article says in earnest for using both.
func (e Case) side(choice recommend.Choice) (pro, con []string) {
	for _, t := range e.Criteria.TensionsOf(e.Answers, choice.Runtime) {
		con = append(con, t.Text)
	}
	con = con[:min(2, len(con))]
	if choice.Runtime == recommend.Hybrid {
		for _, n := range choice.Cites {
			if s, _ := e.Criteria.Statement(n); s.Strength == "strong" {
				pro = append(pro, s.Text)
			}
		}
		return pro, con
	}
	points := func(row recommend.Row) int { return pointsFor(row, choice.Runtime) }
	rows := top(e.Decision.Rows, points)
	for _, row := range rows[:min(2, len(rows))] {
		pro = append(pro, fmt.Sprintf("%d  %s%s", points(row), e.option(row).Label, e.hedge(argument{row, choice.Runtime})))
	}
	return pro, con
}

// settlingAll gives every real answer that would end the close call by itself.
func (e Case) settlingAll() []recommend.Flip {
	return slices.DeleteFunc(e.Criteria.Settling(e.Answers), func(f recommend.Flip) bool {
		return f.Answer == recommend.NotSure || f.Runtime == recommend.Conflict
	})
}

// settling gives some answers for each contender that would end the close call in
// its favour, open questions first.
func (e Case) settling(contenders []recommend.Choice, each int) []recommend.Flip {
	shown := []recommend.Flip{}
	flips := openFirst(e.settlingAll(), e.Decision.Open)
	for _, choice := range contenders {
		count := 0
		for _, fl := range flips {
			if fl.Runtime == choice.Runtime && count < each {
				shown, count = append(shown, fl), count+1
			}
		}
	}
	return shown
}
