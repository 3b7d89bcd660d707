#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What clonexec probe draws: the timeline, and the HTML page.  CLONEXEC is the
# path of the command.

load ../common

setup() {
	CLONEXEC=${CLONEXEC:-clonexec}
	DIR=$(mktemp -d /var/tmp/report-test-XXXXXX)
	chmod 0777 "$DIR"
	export TMPDIR=$DIR NO_COLOR=1
}

teardown() {
	rm -rf "$DIR"
}

probe() {
	timeout --kill-after=5 600 "$CLONEXEC" probe "$@"
}

need_frozen() {
	need_root
	need_loss
	probe -q --runs 0 --target setuid --strategy none >"$DIR/out" || true
	grep -q frozen "$DIR/out" || cannot "the race cannot be frozen here"
}

# The timeline of --json as T.
timeline() {
	python3 - "$DIR/json" "$1" <<-'PY'
	import json, sys
	J = json.load(open(sys.argv[1]))
	T = J["timeline"]
	M = [(m["lane"], m["text"]) for m in T["marks"]]
	assert eval("(" + sys.argv[2] + ")"), T
	PY
}

@test "the timeline, drawn with letters" {
	need_frozen
	probe --timeline >"$DIR/out"
	cat "$DIR/out"
	[ "$(wc -L <"$DIR/out")" -le 100 ]
	grep -q '^The race, frozen: plain execve of a setuid program, .*lost' \
		"$DIR/out"
	grep -q '^clone .*1.*#' "$DIR/out"
	grep -q '^users *2*3*1*$' "$DIR/out"
	grep -q '^threads *2*1*$' "$DIR/out"
	grep -q 'calls clone  <- the culprit' "$DIR/out"
	grep -q '  6 .* starts without its privileges' "$DIR/out"
	! grep -q 'has ended' "$DIR/out" || false
	grep -qE '^us      0  +[1-9]' "$DIR/out"
}

@test "the timeline as JSON: in order, the window around the verdict" {
	need_frozen
	probe --timeline --json >"$DIR/json"
	timeline '[m["us"] for m in T["marks"]] ==
		sorted(m["us"] for m in T["marks"])'
	timeline 'T["frozen"] and T["verdict"] == "lost" and T["kernel"] and
		T["exec_tid"] != T["culprit_tid"]'
	timeline '[m["us"] for m in T["marks"]
		if m["text"].startswith("judged")][0] < T["window_to_us"] and
		T["window_from_us"] < T["window_to_us"]'
	timeline '[(s["users"], s["threads"]) for s in T["steps"]] ==
		[(2, 2), (3, 2), (1, 1)]'
	timeline 'len(M) == 6 and T["end_us"] == T["marks"][-1]["us"] and M[0] == ("clone", "thread %d calls clone" %
		T["culprit_tid"])'
}

@test "without BPF: from user space alone, and it says so" {
	need_frozen
	install -m 0755 "$CLONEXEC" "$DIR/clonexec"
	CLONEXEC=$DIR/clonexec
	probe --timeline >"$DIR/out"
	grep -q '^Seen from user space alone: clonexec watch was not built' \
		"$DIR/out"
	grep -q '^users *2*3*1*$' "$DIR/out"
	probe --timeline --json >"$DIR/json"
	timeline 'not T["kernel"] and len(M) == 4'
}

# Without root nothing is frozen, and a loss is a matter of luck.
@test "without root: caught, or it says that it was not" {
	need_root
	install -m 0755 "$CLONEXEC" "$DIR/clonexec"
	run timeout --kill-after=5 600 setpriv --reuid 1000 --regid 1000 \
		--clear-groups "$DIR/clonexec" probe --timeline
	[ "$status" -eq 0 ] || [ "$status" -eq 77 ]
	[[ $output == *"The race, caught: plain execve of a userns program"* ||
		$output == *"no timeline: "* ]]
}

@test "the timeline as an SVG file" {
	need_frozen
	probe -q --timeline="$DIR/t.svg" >"$DIR/out"
	! grep -q culprit "$DIR/out" || false
	python3 - "$DIR/t.svg" <<-'PY'
	import sys, xml.etree.ElementTree as E
	S = "{http://www.w3.org/2000/svg}"
	root = E.parse(sys.argv[1]).getroot()
	assert root.tag == S + "svg"
	texts = ["".join(t.itertext()) for t in root.iter(S + "text")]
	assert any("the culprit" in t for t in texts), texts
	assert len(list(root.iter(S + "polyline"))) == 2
	assert [r for r in root.iter(S + "rect") if r.get("class") == "window"]
	width, height = map(float, root.get("viewBox").split()[2:])
	axis = [(float(t.get("x")), t.text) for t in root.iter(S + "text")
	        if t.get("class") == "soft small" and
	        t.get("text-anchor") == "middle"]
	assert 3 <= len(axis) <= 6 and axis[0][1] == "0 us", axis
	right = 0
	for x, text in axis:
	    half = len(text) * 6.5 / 2
	    assert right + 4 < x - half and x + half <= width, axis
	    right = x + half
	for e in root.iter():
	    for key, most in (("x", width), ("cx", width), ("y", height),
	                      ("cy", height)):
	        assert 0 <= float(e.get(key, 0)) <= most, (e.tag, e.attrib)
	PY
	[ "$(ls "$DIR")" = "$(printf 'out\nt.svg')" ]
}

@test "the page: it parses, needs nothing else, and has --json's figures" {
	need_frozen
	probe --runs 20 --json --html "$DIR/p.html" >"$DIR/json"
	[ "$(stat -c %a "$DIR/p.html")" = 644 ]
	python3 - "$DIR/p.html" "$DIR/json" <<-'PY'
	import json, sys, html.parser, xml.etree.ElementTree as E
	page = open(sys.argv[1], encoding="utf-8").read()
	J = json.load(open(sys.argv[2]))
	VOID = {"meta"}

	class Page(html.parser.HTMLParser):
	    stack, rows, row, text = [], [], None, None
	    def handle_starttag(self, tag, attrs):
	        for key, value in attrs:
	            assert key not in ("src", "href", "onclick"), (tag, key)
	        assert tag not in ("script", "link", "img", "iframe"), tag
	        if tag not in VOID:
	            self.stack.append(tag)
	        if tag == "tr": self.row = []
	        if tag in ("td", "th"): self.text = ""
	    def handle_startendtag(self, tag, attrs):
	        assert tag in ("rect", "line", "circle", "polyline"), tag
	    def handle_endtag(self, tag):
	        assert self.stack.pop() == tag, tag
	        if tag in ("td", "th"): self.row.append(self.text)
	        if tag == "tr": self.rows.append(self.row)
	    def handle_data(self, data):
	        if self.text is not None: self.text += data

	P = Page()
	P.feed(page)
	P.close()
	assert not P.stack, P.stack
	assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
	assert 'name="viewport"' in page and "prefers-color-scheme" in page

	frozen = {(f["target"], f["strategy"]): f["verdict"] for f in J["frozen"]}
	expected = []
	for r in J["rates"]:
	    name = {"none": "none (execve)", "lock": "lock (guarded)"}.get(
	        r["strategy"], r["strategy"])
	    expected.append([r["target"], name,
	        frozen[r["target"], r["strategy"]],
	        "%d/%d" % (r["k"], r["n"]), "%.2f %%" % (100 * r["k"] / r["n"]),
	        "%.2f to %.2f %%" % (100 * r["lo"], 100 * r["hi"]),
	        "%d" % r["eagain"]])
	assert P.rows[1:] == expected, (P.rows, expected)
	assert len(expected) == 20, len(expected)

	charts = []
	rest = page
	while "<svg" in rest:
	    at = rest.index("<svg")
	    end = rest.index("</svg>") + 6
	    charts.append(E.fromstring(rest[at:end]))
	    rest = rest[end:]
	assert len(charts) == 5, len(charts)
	texts = " ".join("".join(c.itertext()) for c in charts)
	for r in J["rates"]:
	    assert "%d of %d" % (r["k"], r["n"]) in texts, r
	for m in J["timeline"]["marks"]:
	    assert m["text"] in texts, m
	assert J["machine"]["kernel"] in page
	assert "clonexec run" in page and "cx_execvp" in page
	PY
	[ "$(ls "$DIR")" = "$(printf 'json\nout\np.html')" ]
}

refuses() {
	local status=0
	probe --runs 0 -q "$@" >"$DIR/out" 2>"$DIR/err" || status=$?
	cat "$DIR/err"
	[ $status -eq 125 ] && [ "$(wc -l <"$DIR/err")" = 1 ] &&
		grep -q '^clonexec: probe: ' "$DIR/err"
}

@test "a file that cannot be written: one line, nothing left, 125" {
	refuses --html "$DIR/nowhere/p.html"
	refuses --html "$DIR"
	refuses --html ''
	grep -q "bad value '' for --html" "$DIR/err"
	refuses --timeline=
	grep -q "bad value '' for --timeline" "$DIR/err"
	refuses --html /dev/full
	refuses --timeline="$DIR/nowhere/t.svg"
	refuses --html "$DIR/p.html" --timeline="$DIR/nowhere/t.svg"
	refuses --html
	[ "$(ls "$DIR")" = "$(printf 'err\nout')" ]
}

page() {
	probe -q --runs 1 --target userns --strategy none --html "$1" || true
}

@test "a file that is there keeps its mode, as far as a new one would have it" {
	for mode in 600:600 640:640 666:644 4777:644; do
		echo old >"$DIR/p.html"
		chmod "${mode%:*}" "$DIR/p.html"
		(umask 022 && page "$DIR/p.html") >"$DIR/out"
		grep -q '<html' "$DIR/p.html"
		[ "$(stat -c %a "$DIR/p.html")" = "${mode#*:}" ]
	done
	(umask 077 && page "$DIR/p.html") >"$DIR/out"
	[ "$(stat -c %a "$DIR/p.html")" = 600 ]
	[ "$(ls "$DIR")" = "$(printf 'out\np.html')" ]
}

@test "of somebody else's file not even the mode is taken" {
	need_root
	echo old >"$DIR/p.html"
	chmod 600 "$DIR/p.html"
	chown 1000 "$DIR/p.html"
	(umask 022 && page "$DIR/p.html") >"$DIR/out"
	grep -q '<html' "$DIR/p.html"
	[ "$(stat -c %a:%u "$DIR/p.html")" = 644:0 ]
}

@test "a link to a file is refused, and what it leads to is left alone" {
	echo old >"$DIR/p.html"
	ln -s p.html "$DIR/link"
	refuses --html "$DIR/link"
	chmod 755 "$DIR"
	refuses --html "$DIR/link"
	grep -q 'it is a symbolic link' "$DIR/err"
	ln -s nowhere "$DIR/dangling"
	refuses --html "$DIR/dangling"
	[ -L "$DIR/link" ]
	[ "$(cat "$DIR/p.html")" = old ]
	[ ! -e "$DIR/nowhere" ]
}

@test "a directory may be a link of one's own" {
	chmod 755 "$DIR"
	mkdir "$DIR/real"
	ln -s real "$DIR/dir"
	page "$DIR/dir/p.html" >"$DIR/out"
	grep -q '<html' "$DIR/real/p.html"
	cd "$DIR/dir"
	page q.html >"$DIR/out"
	grep -q '<html' "$DIR/real/q.html"
	page ../r.html >"$DIR/out"
	grep -q '<html' "$DIR/r.html"
}

# How programs are told to write to what is no file.
@test "/dev/stdout, a pipe, a descriptor, /dev/null" {
	page /dev/stdout | grep -q '<html'
	echo before >"$DIR/out"
	page /dev/stdout >>"$DIR/out"
	[ "$(head -n 1 "$DIR/out")" = before ]
	sed -n 2p "$DIR/out" | grep '<' && false
	tail -n 1 "$DIR/out" | grep -q '</html>'
	page /dev/stderr 2>"$DIR/err" >"$DIR/out"
	grep -q '<html' "$DIR/err"
	page >(cat >"$DIR/cat") >"$DIR/out"
	wait $! || true
	grep -q '</html>' "$DIR/cat"
	chmod 755 "$DIR"
	mkfifo "$DIR/fifo"
	cat "$DIR/fifo" >"$DIR/cat" 3>&- &
	page "$DIR/fifo" >"$DIR/out"
	wait $!
	grep -q '</html>' "$DIR/cat"
	page /dev/null >"$DIR/out"
	[ -c /dev/null ]
	ln -s /dev/null "$DIR/null"
	page "$DIR/null" >"$DIR/out"
	[ -L "$DIR/null" ]
}

@test "--html - is standard output, and nothing else is there" {
	probe --html - --runs 1 --target userns >"$DIR/out" || [ $? -eq 77 ]
	[ "$(head -n 1 "$DIR/out")" = '<!DOCTYPE html>' ]
	[ "$(tail -n 1 "$DIR/out")" = '</html>' ]
	[ "$(ls "$DIR")" = out ]
}

# It has opened its files once it has a child: what it runs, or measures.
@test "interrupted, it leaves no file behind" {
	"$CLONEXEC" probe -q --runs 1000000 --target userns --strategy none \
		--html "$DIR/p.html" >"$DIR/out" 3>&- &
	local pid=$! i
	for i in $(seq 100); do
		grep -sq "^PPid:[[:space:]]*$pid\$" /proc/[0-9]*/status && break
		sleep 0.1
	done
	[ "$i" -lt 100 ] || cannot "nothing is measured here"
	kill $pid
	wait $pid || true
	! ls "$DIR" | grep p.html || false
}
