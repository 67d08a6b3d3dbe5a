#!/usr/bin/env bash
# Gathers the demo's videos in .setup/demo: PipeSim clips, a survey made of them, real footage, and files that are no videos.
set -euo pipefail
cd "$(dirname "$0")/../.."
videos=.setup/demo
pipesim=tests/PipeSim/bin/Release/net10.0/pipesim.dll
recordings=(
  /usr/share/doc/opencv-doc/examples/data/vtest.avi
  /usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4
)

# The last file to be written tells that all are there, as the renderer and this script make them now.
if [ ! $videos/notes.mp4 -nt $pipesim ] || [ ! $videos/notes.mp4 -nt infra/make/demo-videos.sh ]; then
  echo "demo: rendering PipeSim clips"
  rm -rf $videos && mkdir -p $videos
  # Another seed than the release was trained on; its six clips show six kinds of defects and a normal pipe.
  dotnet $pipesim dataset --out $videos/clips --videos 6 --seed 20260702 --seconds 10
  mv $videos/clips/*.mp4 $videos/clips/labels.json $videos/

  echo "demo: joining them into a survey of one segment each"
  ffmpeg -v error -f concat -safe 0 -i <(cd $videos && printf "file '$PWD/%s'\n" *.mp4) -c copy $videos/survey.mp4
  echo '{ "segmentSeconds": 10, "metadata": { "street": "Demo Street", "operator": "PipeSim" } }' >$videos/survey.mp4.json

  for recording in "${recordings[@]}"; do
    if [ -f "$recording" ]; then
      cp "$recording" $videos/
    else
      echo "demo: $recording is missing: install opencv-doc and forensics-samples-files" >&2
      exit 1
    fi
  done

  head -c "$(($(stat -c %s $videos/survey.mp4) / 2))" $videos/survey.mp4 >$videos/truncated.mp4
  rm -rf $videos/clips
  echo "This is a letter, not a film." >$videos/notes.mp4
fi
