package adr

// phrase is an answer in the words that a sentence needs. They say no more than
// the label and the statements behind it, and they hold for that label only:
// where a team's criteria give the option another, the label itself is quoted.
type phrase struct {
	label string
	says  string // a clause
	noun  string // the same as a noun, without commas or "and", so that it fits a list
	gain  string // what the side that the answer favours brings, as a noun
}

// phrases by question and option, for the answers that carry points and the
// constraints of the embedded criteria; and for others that a framework or a database
// may be chosen by, which need only what they say.
var phrases = map[[2]string]phrase{
	{"project_kind", "realtime_app"}: {
		"Live: chat, notifications, online game",
		"the project is live: chat, notifications or an online game", "a live application", "instant updates"},
	{"project_kind", "rest_api"}: {
		"API for other apps or services",
		"the project is an API for other apps or services", "an API for other software", "a good base for RESTful APIs"},
	{"project_kind", "web_app"}: {
		"Web app with its own pages",
		"the project is a web app with its own pages", "a web app with its own pages", ""},
	{"project_kind", "crud_admin"}: {
		"Accounts, forms and an admin area",
		"the project is accounts, forms and an admin area, a kind that the article does not name",
		"an admin area with its forms", "a solid web app with less boilerplate"},
	{"project_kind", "data_ml"}: {
		"Data analysis, ML or AI",
		"the project is data analysis, ML or AI", "a data or AI project", "the data and AI libraries"},
	{"project_kind", "scientific"}: {
		"Scientific, numeric or teaching work",
		"the project is scientific, numeric or teaching work", "scientific or teaching work", "a language widely used in science"},
	{"project_kind", "automation"}: {
		"Jobs that automate chores",
		"the project is jobs that automate chores", "jobs that automate chores", "a language widely used for automation"},

	{"already_fixed", "team_only_javascript"}: {
		"Nobody here can work in Python",
		"nobody here can work in Python", "a team without Python", "a language that the team can work in"},
	{"already_fixed", "team_only_python"}: {
		"Nobody here can work in JavaScript",
		"nobody here can work in JavaScript", "a team without JavaScript", "a language that the team can work in"},
	{"already_fixed", "python_data_library"}: {
		"Must use a Python data library (pandas, PyTorch)",
		"a Python data library (pandas, PyTorch) is a must", "a Python data library as a must", "the data library that is a must"},
	{"already_fixed", "node_library"}: {
		"Must use a Node library (Socket.IO)",
		"a Node library (Socket.IO) is a must", "a Node library as a must", "the Node library that is a must"},

	{"live_updates", "core"}: {
		"Everything, at once, for everybody",
		"everything must update live, at once, for everybody", "live updates for everybody", "instant updates"},
	{"live_updates", "some"}: {
		"Here and there, e.g. a badge",
		"some things update live, here and there", "live updates here or there", "instant updates"},

	{"data_work", "core"}: {
		"It is the point",
		"data work or AI is the point", "data work at the core", "the data and AI libraries"},
	{"data_work", "some"}: {
		"A report, a chart or one model",
		"a report, a chart or one model is needed", "some data work", "the data and AI libraries"},

	{"frontend", "server_pages"}: {
		"The back end renders pages", "the back end renders the pages", "", ""},
	{"frontend", "separate_or_none"}: {
		"Someone else, mobile, or none", "someone else makes the front end, or there is none", "", ""},

	{"load_profile", "light"}: {
		"Hardly anything", "hardly anything keeps the server busy", "", ""},

	{"team_skills", "javascript"}: {
		"JavaScript or TypeScript",
		"the team knows JavaScript or TypeScript best", "a team that knows JavaScript or TypeScript best",
		"a language the team is at ease with"},
	{"team_skills", "some_javascript"}: {
		"Beginners with some browser JavaScript",
		"the team are beginners with some browser JavaScript", "beginners with some browser JavaScript",
		"a language the beginners have met"},
	{"team_skills", "beginners"}: {
		"New to programming",
		"the team is new to programming", "a team new to programming", "one of the easiest languages to learn"},
	{"team_skills", "python"}: {
		"Python",
		"the team knows Python best", "a team that knows Python best", "a language the team is at ease with"},

	{"frontend", "js_same_team"}: {
		"The same people, in JavaScript",
		"the same people make the front end, in JavaScript", "a JavaScript front end by the same people",
		"one language at both ends"},

	{"load_profile", "many_connections"}: {
		"Many people connected at once",
		"many people are connected at once", "many people connected at once", "many connections with little overhead"},
	{"load_profile", "waiting_io"}: {
		"Waiting on databases and services",
		"the server is busy waiting on databases and services", "a server that mostly waits", "strength in I/O-bound work"},
	{"load_profile", "heavy_compute"}: {
		"Heavy calculations",
		"heavy calculations keep the server busy", "heavy calculations", "good performance on calculations"},

	{"priority", "ship_fast"}: {
		"A working prototype soon",
		"a working prototype soon matters most", "the wish for a working prototype soon", "quick development"},
	{"priority", "readable_code"}: {
		"Code anyone can read",
		"code anyone can read matters most", "the wish for code anyone can read", "a clear, almost English-like style"},
	{"priority", "large_app"}: {
		"A big app that keeps growing",
		"a big app that keeps growing matters most", "a big app that keeps growing", "Django's help with large applications"},
	{"priority", "scale_out"}: {
		"Room for very many users",
		"room for very many users matters most", "the wish for room for very many users", "a design that scales from the start"},
}
