"""Clusters of pictures: `python predict.py PICTURE…` prints a line of JSON for each. Needs onnxruntime, numpy and pillow, nothing else.

Files become the input of the model as in IIC Studio, those that Pillow reads: pictures of 8 bits but for some CMYK, grey ones of more.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
HOW = json.loads((HERE / "preprocessing.json").read_text(encoding="utf-8"))
LABELS = (HERE / "labels.txt").read_text(encoding="utf-8").split("\n")
SIDE, SIZE = HOW["square_side"], HOW["image_size"]
# Where the pixels of the centre crop lie in the square, and how much each row or column of it counts for them.
AT = ((((2 * np.arange(SIZE) + 1) / SIZE - 1) * HOW["crop"] + 1) * SIDE - 1) / 2
WEIGHTS = np.maximum(0, 1 - abs(AT.clip(0, SIDE - 1)[:, None] - np.arange(SIDE))).astype(np.float32)


def read(path):
    """(C, SIZE, SIZE) pixels in 0-1: upright, on white, the square in the middle, its centre crop."""
    image = Image.open(path)
    for factor in (8, 4, 2):  # a large JPEG is decoded at a part of its size
        if -(-min(image.size) // factor) >= SIDE and -(-max(image.size) // factor) >= HOW["longer_side_at_least"]:
            image.draft(None, (image.width // factor, image.height // factor))
            break
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):  # more than 8 bits
        values = np.asarray(image, np.float64)
        low, high = HOW["high_bit_range"] or np.percentile(values, (0.5, 99.5))
        image = Image.fromarray(np.rint((values.clip(low, high) - low) / max(high - low, 1e-9) * 255).astype(np.uint8))
    if image.has_transparency_data:
        colours, image = image.convert("RGBA"), Image.new("RGB", image.size, "white")
        image.paste(colours.convert("RGB"), mask=colours.getchannel("A"))
    shorter = min(image.size)
    left, top = (image.width - shorter) // 2, (image.height - shorter) // 2
    box = (left, top, left + shorter, top + shorter)
    square = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box, reducing_gap=1.25)
    pixels = np.asarray(square, np.float32).transpose(2, 0, 1)[: HOW["channels"]] / 255
    return WEIGHTS @ pixels @ WEIGHTS.T


model = onnxruntime.InferenceSession(HERE / HOW["model"])
for name in sys.argv[1:]:
    try:
        pixels = read(name)
    except OSError as error:
        print(f"{name}: {error}", file=sys.stderr)
        continue
    probabilities = model.run(None, {"image": pixels[None]})[0][0]
    found = {"path": name, "label": LABELS[probabilities.argmax()]}
    if "classes" in HOW:
        shares = probabilities @ np.array(HOW["class_of_cluster"], np.float32)
        found |= {"class": HOW["classes"][shares.argmax()], "class_probability": float(shares.max())}
    print(json.dumps(found | {"probabilities": probabilities.tolist()}))
