//go:build unix

package e2e

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

const delivery = `{"distance_km": 12.5, "parcels": 3, "hour": 17, "weather": "rain"}`

var pythonData = &kit{
	stack:    "python-data",
	locks:    []string{"requirements.txt", "requirements-dev.txt"},
	packages: ".venv",
	bin:      ".venv/bin",
	checks:   [][]string{{"ruff", "check", "."}, {"ruff", "format", "--check", "."}, {"mypy", "."}},
	build:    []string{"python", "-m", "ml.train"},
	test:     []string{"pytest"},
	passed:   regexp.MustCompile(`(\d+) passed`),
	serve:    []string{"python", "-m", "app"},
	warms:    true,
	unusable: [2]string{"MODEL_DIR=", "model"},
	openapi:  []string{"python", "-m", "app", "openapi"},
	resource: resource{
		read: "/model", write: "/predict", body: rows(delivery), status: http.StatusOK, holds: `"minutes"`,
		limit: 1024 * 1024,
		refused: []refusal{
			{"a wrong type", "POST", "/predict", rows(strings.Replace(delivery, "3", `"3"`, 1)), nil, 422, "body rows.0.parcels"},
			{"a wrong column", "POST", "/predict", rows(strings.Replace(delivery, "hour", "minute", 1)), nil, 422, "body rows.0.hour,body rows.0.minute"},
			{"a value that nobody has", "POST", "/predict", rows(strings.Replace(delivery, "rain", "fog", 1)), nil, 422, "body rows.0.weather"},
			{"a batch of nothing", "POST", "/predict", rows(), nil, 422, "body rows"},
			{"a batch over the limit", "POST", "/predict", rows(batch(1001)...), nil, 422, "body rows"},
		},
	},
	example:    "ml/deliveries",
	elsewhere:  []string{"data/deliveries.csv"},
	registered: [][2]string{{"ml/__init__.py", "TASK = \"ml.deliveries\"  # The example goes with its folder, its table in data/ and this line.\n"}},
	brokenIn:   "build", // training reads it first
	typeFault:  [2]string{"app/settings.py", "\nwrong: int = \"\"\n"},
	lintFault:  [2]string{"app/settings.py", "\nimport os\n"},
	coverage:   []string{"pytest", "--cov"},
	cutSuite:   []string{"ml/deliveries/test_deliveries.py", "tests/test_api.py", "tests/test_model.py", "tests/test_service.py"},
	sbom:       []string{"cyclonedx-py", "requirements", "requirements.txt"},
	production: [][]string{
		{"python3", "-m", "venv", ".venv"},
		{".venv/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.txt"},
		{"python", "-m", "ml.train"},
	},
	ownFault: modelOfAnotherShape,
	none:     map[string]string{"24": "the service keeps nothing; its model follows from what is committed"},
	instead:  map[string]func(*testing.T, *project){"15": readyWithModel},
}

// rows is a body for /predict.
func rows(all ...string) string { return `{"rows": [` + strings.Join(all, ", ") + `]}` }

// batch is one delivery n times.
func batch(n int) (all []string) {
	for range n {
		all = append(all, delivery)
	}
	return all
}

func TestPythonData(t *testing.T) {
	slow(t)
	t.Parallel()
	t.Run("pip", func(t *testing.T) {
		m := withPip(t)
		t.Parallel()
		p := installed(t, pythonData, m)
		t.Run("the same training gives the same model", func(t *testing.T) { trainsTheSame(t, p) })
		t.Run("a changed byte stops the start", func(t *testing.T) { changedByte(t, p) })
		t.Run("a model below its floor is not kept", func(t *testing.T) { metricFloor(t, p) })
		t.Run("the largest batch is answered", func(t *testing.T) { largestBatch(t, p) })
		t.Run("metrics", func(t *testing.T) {
			q := p.sibling(t, made(t, p.kit, "--set", "metrics=prometheus"))
			q.green(t)
			q.validOpenAPI(t)
			measured(t, q)
		})
		everything(t, p)
	})
	t.Run("uv", func(t *testing.T) {
		m := withUv(t)
		t.Parallel()
		promises(t, installed(t, pythonData, m), false)
	})
}

// readyWithModel sees that a service answers before its model is loaded, and says so.
func readyWithModel(t *testing.T, p *project) {
	cold := *p.kit
	cold.warms = false
	q := *p
	q.kit = &cold
	s := q.start(t)
	a := s.get(t, "/health/ready")
	isProblem(t, "ready without a model", a, 503)
	if a.json(t, "detail") != "the model is still loading" {
		t.Errorf("ready gives no reason: %s", a.body)
	}
	isProblem(t, "a prediction without a model", s.do(t, "POST", p.resource.write, p.resource.body), 503)
	if a := s.get(t, "/health/live"); a.status != 200 {
		t.Errorf("live answers %d", a.status)
	}
	eventually(t, s, "become ready", func() bool { return s.get(t, "/health/ready").status == 200 })
	s.works(t)
	s.stop(t)
}

// modelOfAnotherShape puts an estimator into the artefact that was trained on other
// columns than its card says.
func modelOfAnotherShape(t *testing.T, p *project) {
	q := p.clone(t)
	q.run(t, "python", "-c", `
from hashlib import sha256
from pathlib import Path
from sklearn.linear_model import LinearRegression
from ml import artefact
content = artefact.dump(LinearRegression().fit([[0], [1]], [0, 1]))
card = artefact.read(Path("models")).card
artefact.save(Path("models"), card.model_copy(update={"sha256": sha256(content).hexdigest()}), content)
`)
	s := q.start(t)
	s.hides(t, s.do(t, "POST", p.resource.write, p.resource.body), "ValueError")
	s.stop(t)
}

// trainsTheSame trains again with other orders of Python's sets.
func trainsTheSame(t *testing.T, p *project) {
	for _, seed := range []string{"1", "2"} {
		q := *p
		q.env = append(p.env[:len(p.env):len(p.env)], "PYTHONHASHSEED="+seed)
		to := t.TempDir()
		q.run(t, "python", "-m", "ml.train", "--to", to)
		for _, name := range []string{"/model.skops", "/model.json"} {
			if read(t, to+name) != read(t, p.path("models"+name)) {
				t.Errorf("training again gives another %s", name)
			}
		}
	}
}

func changedByte(t *testing.T, p *project) {
	q := p.clone(t)
	model := []byte(read(t, q.path("models/model.skops")))
	model[len(model)/2] ^= 1
	write(t, q.path("models/model.skops"), string(model))
	s := q.launch(t, "", q.serve)
	if code := s.wait(t); code != 1 || !strings.Contains(s.said.String(), "has changed since it was trained") || strings.Count(s.said.String(), "\n") != 1 {
		t.Errorf("exit code %d and:\n%s", code, s.log)
	}
}

func metricFloor(t *testing.T, p *project) {
	q := p.clone(t)
	if err := os.Remove(q.path("models/model.skops")); err != nil {
		t.Fatal(err)
	}
	q.edit(t, "ml/deliveries/task.py", `floors={"r2": 0.95}`, `floors={"r2": 0.999}`)
	if out := q.fails(t, q.build...); !regexp.MustCompile(`^No model: r2 is 0\.9\d\d and has to be 0\.999 at least\n$`).MatchString(out) {
		t.Errorf("not one sentence about the metric:\n%s", out)
	}
	if _, err := os.Stat(q.path("models/model.skops")); err == nil {
		t.Error("the model is kept")
	}
}

// largestBatch asks for as many rows as one request may have.
func largestBatch(t *testing.T, p *project) {
	s := p.start(t)
	a := s.do(t, "POST", p.resource.write, rows(batch(1000)...))
	if a.status != 200 || strings.Count(a.body, ",") != 1000 { // 999 between the numbers, one before them
		t.Errorf("%d with %d commas", a.status, strings.Count(a.body, ","))
	}
	s.stop(t)
}
