#!/usr/bin/env bash
# Runs every test project that setup.sh built and ends with the tests that failed and the line 'N passed, N failed'.
# Usage: test.sh FILTER, an xunit trait filter such as 'Category!=Long'.
set -uo pipefail
cd "$(dirname "$0")/../.."
filter=$1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 broken=0
failures="$results/failures"
: >"$failures"

# Each failed test of a results file, with the first lines of its message.
list_failures() {
  awk '
    /<UnitTestResult / { lines = 0 }
    /<UnitTestResult .*outcome="Failed"/ { match($0, / testName="[^"]*"/); print substr($0, RSTART + 11, RLENGTH - 12); lines = 12 }
    /<Message>/, /<\/Message>/ { if (lines-- > 0) print "   " $0 }
  ' "$1"
}

for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  started=$SECONDS
  dotnet test "tests/${name#CloudPipe.}/bin/Release/net10.0/$name.dll" --filter "$filter" --nologo \
    --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=quiet' --results-directory "$results" --blame-hang-timeout 20m </dev/null
  status=$?
  counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null)
  if [ -z "$counters" ]; then
    # A project without a test that the filter takes writes no file and exits 0; anything else did not run to its end.
    if [ $status -ne 0 ]; then
      broken=$((broken + 1))
      echo "$name did not run to its end" >>"$failures"
    fi
    continue
  fi
  count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
  # A skipped test counts in the total only: it was not executed.
  skipped=$(($(count total) - $(count executed)))
  project_failed=$(($(count executed) - $(count passed)))
  list_failures "$results/$name.trx" >>"$failures"
  # A run that dies after its last test has failed although every counted test passed.
  if [ $status -ne 0 ] && [ $project_failed -eq 0 ]; then
    project_failed=1
    echo "$name ended with $status after its last test" >>"$failures"
  fi
  passed=$((passed + $(count passed)))
  failed=$((failed + project_failed))
  echo "   $(count passed) passed, $project_failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped: the reference numbers are not here") in $((SECONDS - started)) s"
done

failed=$((failed + broken))
[ $((passed + failed)) -gt 0 ] || failed=1
if [ -s "$failures" ]; then
  echo "== Failed"
  cat "$failures"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
