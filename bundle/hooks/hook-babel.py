# PyInstaller's own hook takes all of Babel's 1000 languages. The pages are French and English.
from importlib.util import find_spec
from pathlib import Path

HERE = Path(find_spec("babel").origin).parent
FOUND = [path for name in ("root", "en", "fr") for path in HERE.glob(f"locale-data/{name}*.dat")]

hiddenimports = ["babel.dates", "babel.localedata", "babel.numbers", "babel.plural"]
datas = [(str(path), "babel/locale-data") for path in FOUND] + [(str(HERE / "global.dat"), "babel")]
