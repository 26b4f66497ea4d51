# make build | test | check
.PHONY: build test check setup

build: setup
	swift build -c release --product jam

# The tests use public interfaces alone, so they share the release build with the tool; one at a
# time, because some count the tensors that are alive.
test: setup
	swift build -c release --build-tests
	swift test -c release --skip-build --no-parallel

# What a reviewer's machine checks besides the tests.
check: setup
	scripts/check

setup:
	@scripts/setup
