package adr

import "github.com/stackinit/stackinit/internal/recommend"

// framework is what is said of a stack's framework. The article compares runtimes:
// what tells frameworks of one runtime apart is, but for a few statements, our own
// argument, and the record says so.
type framework struct {
	name  string
	tells []int  // the statements that tell most about it, if the stack's rules cite them
	asks  string // the answers that call for it, as a noun
	good  string // clauses: for and against it as an option,
	bad   string
	gain  string // and what follows from it once it is chosen
	price string
}

// frameworks by stack. What they claim is true of the starters in templates.
var frameworks = map[string]framework{
	"node-express": {
		name: "Express", tells: []int{42, 14},
		asks:  "an API, jobs or clients of their own",
		good:  "it is the smallest of the NodeJS starters: routes, and little else",
		bad:   "pages and live events have to be built on top of it as soon as they are wanted",
		gain:  "the service stays small: routes, checks of what comes in, and their OpenAPI document",
		price: "Express prescribes no structure, so the team has to keep up the one it starts with",
	},
	"node-realtime": {
		name: "Express and Socket.IO", tells: []int{38, 15},
		asks:  "live updates for everybody",
		good:  "rooms, reconnecting and a fallback from WebSocket to polling come with Socket.IO",
		bad:   "open connections are state: a second instance needs something between the two, such as Redis",
		gain:  "routes and live events share one process, one port and one set of types",
		price: "clients need Socket.IO's own library: its protocol is more than plain WebSocket",
	},
	"node-fullstack": {
		name: "Express and Vite (full-stack JavaScript)", tells: []int{41, 40},
		asks:  "pages, or a JavaScript front end by the same people",
		good:  "API and pages are one project that is built, tested and deployed together",
		bad:   "it brings a build step and a front end, which a service for other software does not need",
		gain:  "API and pages come from one process on one port: there is one thing to deploy",
		price: "a page shows nothing before its script has run: the browser builds it",
	},
	"python-django": {
		name: "Django", tells: []int{33, 67},
		asks:  "a big app, pages from the server, or accounts with forms",
		good:  "accounts, forms, an admin site and migrations are there from the first day",
		bad:   "it prescribes the structure, and brings more than a small API needs",
		gain:  "accounts, admin site and migrations are maintained by Django and not by the team",
		price: "models, forms and admin site hang together, so it is hard to leave Django later",
	},
	"python-flask": {
		name: "Flask", tells: []int{48},
		asks:  "an API, jobs or clients of their own",
		good:  "it is small, and leaves the choice of everything else open",
		bad:   "forms and an admin site have to be put together from other libraries",
		gain:  "the service holds only what it uses: typed routes, SQLAlchemy and their OpenAPI document",
		price: "a request keeps its thread until it is answered, so many slow or open ones need many threads",
	},
	"python-data": {
		name: "FastAPI and scikit-learn", tells: []int{44, 50},
		asks:  "data work at the core, or heavy calculations",
		good:  "pandas, NumPy and scikit-learn are in it, with a model that is trained, checked and served",
		bad:   "it knows no accounts and no pages, and keeps no database",
		gain:  "the code that trains the model and the code that serves it are one project",
		price: "FastAPI, which serves the model, was not weighed against anything",
	},
}

// about is what is said of a stack; of one that only a team knows, its key.
func about(stack string) framework {
	if f, ok := frameworks[stack]; ok {
		return f
	}
	return framework{
		name: escape(recommend.StackLabel(stack)), asks: escape(stack),
		good: "the team's criteria have it", bad: "stackinit knows nothing about it", gain: "it is what the team's criteria pick",
		price: "its price is for the team to name",
	}
}

// ownArgument marks what the article does not say.
const ownArgument = " (not in the article)"

func ours(text string) argument { return argument{text: text, cites: ownArgument} }
