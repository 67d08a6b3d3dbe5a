"""The seeds' way of getting frames: OpenCV decodes a video and writes every frame as JPEG.

usage: opencv_frames.py VIDEO FOLDER; prints the number of frames and the seconds it took.
"""

import sys
import time
from pathlib import Path

import cv2

video, folder = sys.argv[1], Path(sys.argv[2])
started = time.perf_counter()
capture = cv2.VideoCapture(video)
count = 0
while True:
    ok, frame = capture.read()
    if not ok:
        break
    cv2.imwrite(str(folder / f"{count:06d}.jpg"), frame)
    count += 1
print(count, time.perf_counter() - started)
