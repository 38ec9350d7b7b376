# PyInstaller's own hook takes all of botocore's data: AWS tells of 400 services in 28 MB. One of them is asked.
from importlib.util import find_spec
from pathlib import Path

HERE = Path(find_spec("botocore").origin).parent
FOUND = [*(HERE / "data").glob("*.json"), *(HERE / "data" / "s3").rglob("*.json*"), HERE / "cacert.pem"]

hiddenimports = ["html.parser"]
datas = [(str(path), str(path.parent.relative_to(HERE.parent))) for path in FOUND]
