"""The results as COCO JSON for the classification of whole images: what annotation tools and pycocotools read.

Categories are the clusters, with their numbers of the CSV as ids; when there are classes, these come after them and are what images are
annotated with. Each image has one annotation, whose box and polygon are the whole image; its `cluster` stands in it too. Images without a
cluster are left out.
"""

import json
from typing import Any

import numpy as np

from iic_studio.export.csv_table import shares
from iic_studio.export.files import printable_path
from iic_studio.export.result_rows import ResultRows


def coco_text(rows: ResultRows, meta: dict[str, Any]) -> str:
    """The whole file, an image or annotation a line.

    Args:
        rows: those to write.
        meta: of the `.meta.json`; some of it becomes `info`.
    """
    placed = rows.part(rows.cluster >= 0)
    numbers = np.stack((placed.image_ids, placed.width, placed.height, placed.cluster), axis=1).tolist()
    info = {
        "description": f"Clusters found by IIC Studio in {meta['folder']}",
        "version": meta["version"],
        "date_created": meta["written"],
        "run": meta["run"],
        "data_fingerprint": meta["data_fingerprint"],
        "left_out": len(rows) - len(placed),
    }
    encode = json.JSONEncoder(ensure_ascii=False).encode
    # Text at once: hundreds of thousands of dictionaries kept at a time cost the garbage collector seconds.
    images = [
        encode({"id": image_id, "file_name": printable_path(path), "width": width, "height": height})
        for path, (image_id, width, height, _) in zip(placed.paths, numbers, strict=True)
    ]
    categories = [encode({"id": one, "name": rows.name_of(one), "supercategory": "cluster"}) for one in range(rows.num_clusters)]
    classes, scores = placed.final_classes(), shares(placed.confidence)
    annotations = [encode(_annotation(place, numbers[place], score)) for place, score in enumerate(scores)]
    if classes is not None:
        names = sorted({*rows.class_names, *classes} - {""})
        id_of = {name: rows.num_clusters + place for place, name in enumerate(names)}
        categories += [encode({"id": one, "name": name, "supercategory": "class"}) for name, one in id_of.items()]
        likely = scores if placed.class_probability is None else shares(placed.class_probability)
        known = [(id_of.get(name), likely[place] if name else scores[place]) for place, name in enumerate(classes)]
        annotations = [encode(_annotation(place, numbers[place], score, one)) for place, (one, score) in enumerate(known)]
    lists = {"licenses": [], "categories": categories, "images": images, "annotations": annotations}
    parts = [f'"info": {encode(info)}', *(f'"{name}": [\n{_lines(items)}]' for name, items in lists.items())]
    return "{" + ",\n".join(parts) + "}\n"


def _annotation(place: int, numbers: list[int], score: float | None, category: int | None = None) -> dict[str, Any]:
    image_id, width, height, cluster = numbers
    return {
        "id": place + 1,
        "image_id": image_id,
        "category_id": cluster if category is None else category,
        **({} if category is None else {"cluster": cluster}),
        "bbox": [0, 0, width, height],
        "area": width * height,
        "segmentation": [[0, 0, width, 0, width, height, 0, height]],
        "iscrowd": 0,
        "score": score,
    }


def _lines(items: list[str]) -> str:
    return ",\n".join(items)
