"""A small hotel for the pictures of the archive: what it prints in a month of nights, filed as capturing sources do it.

Draws nothing: archive.py does. Nobody in it is real.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.peers.pdfs import box, pdf, text

from comptoir.core.document import Document, Keep, Origin, Submission
from comptoir.core.job import Change, Evidence
from comptoir.core.kept import Capture, Filing, Night, Part
from comptoir.formats.ticket import read
from comptoir.languages import language
from comptoir.languages.profiles import profile
from comptoir.sources.ipp_printer.arriving import GONE

#: the business date that is looked at in the morning after it; of how many nights there are reports
LAST: Final = date(2026, 11, 20)
NIGHTS: Final = 30
#: of which every report is a page of its own; those before share one
FRESH: Final = 3
DAY: Final = timedelta(days=1)

#: what the night audit prints, in its order, and what stands in it
REPORTS: Final = (
    ("Manager Flash", "figures"), ("Main courante", "figures"), ("Trial Balance", "figures"),
    ("Chiffre d'affaires hébergement", "figures"), ("Chiffre d'affaires restaurant", "figures"),
    ("Journal par département", "figures"), ("Journal des encaissements", "figures"), ("City Ledger", "guests"),
    ("Balance clients", "guests"), ("Arrhes et acomptes", "guests"), ("Arrivées du jour", "guests"),
    ("Départs du jour", "guests"), ("Clients présents", "guests"), ("No-shows", "guests"),
    ("Fiches de police", "guests"), ("État des chambres", "rooms"), ("Plan de ménage", "rooms"),
    ("Chambres hors service", "rooms"), ("Taux d'occupation", "figures"), ("Prévisions 30 jours", "figures"),
    ("Statistiques par segment", "figures"), ("Statistiques par pays", "figures"),
    ("Clôture de caisse réception", "figures"), ("Clôture de caisse bar", "figures"),
    ("Remise cartes bancaires", "figures"), ("Annulations et remises", "guests"), ("Écarts de tarif", "guests"),
    ("Consignes petit-déjeuner", "guests"), ("Réveils et taxis", "guests"), ("Taxe de séjour", "figures"),
)  # fmt: skip
MISSING, LATE, TWICE = "Remise cartes bancaires", "Taxe de séjour", "Trial Balance"
GUESTS: Final = (
    "Mme Lefèvre", "M. Garnier", "M. Okafor", "Mme Rossi", "Mme Delaunay", "Mme Schneider", "M. Le Goff",
    "Mme Nakamura", "M. Ferreira", "Mme Bertin", "M. Van Damme", "Mme Moreau", "M. Haddad", "Mme Petit",
)  # fmt: skip
#: a couple who stays for two nights: their row, and the reports that name them
COUPLE: Final = ("204", "M. et Mme Dupont", "2", "256,00")
STAY: Final = {
    ("Arrivées du jour", 2), ("Clients présents", 2), ("Clients présents", 1), ("Balance clients", 1),
    ("Consignes petit-déjeuner", 1), ("Départs du jour", 0), ("Balance clients", 0),
}  # fmt: skip
FIGURES: Final = (
    "Hébergement", "Petits-déjeuners", "Restaurant", "Bar", "Minibar", "Parking", "Blanchisserie", "Téléphone",
    "Salles de réunion", "Spa", "Boutique", "Taxe de séjour", "Acomptes reçus", "Débours", "Arrondis",
)  # fmt: skip
ROOMS: Final = ("propre", "sale", "contrôlée", "occupée", "hors service")
TICKET: Final = """^^^Bar du Phare
Hôtel du Phare, Le Havre

{when} | Table {table}
{{width: * 3 8}}
-
{lines}
-
{{width: auto}}
^^^"TOTAL" | ^^^"{total} €"
Chambre 204 | M. Dupont
"""
BILLS: Final = (
    (3, "Kir normand | 2| 13,00 €\nPlanche mixte | 1| 16,50 €", "29,50", "21:48"),
    (7, "Verre de Sancerre | 2| 15,00 €\nEau gazeuse | 1| 4,50 €", "19,50", "22:36"),
    (1, "Calvados | 1| 9,00 €", "9,00", "23:52"),
)
BREAKFAST: Final = TICKET.format(
    when="21/11/2026 08:11", table=5, lines="Petit-déjeuner | 2| 32,00 €\nCafé allongé | 1| 3,20 €", total="35,20"
)
NOTE: Final = (
    "Le terminal de paiement était hors ligne entre 1:40 et 2:20 : la remise cartes sera imprimée ce matin par Claire."
)
_FONTS: Final = "/Resources<</Font<<" + "".join(
    f"/{name}<</Type/Font/Subtype/Type1/BaseFont/{face}/Encoding/WinAnsiEncoding>>"
    for name, face in (("F1", "Helvetica"), ("F2", "Courier"), ("F3", "Helvetica-Bold"))
) + ">>>>"  # fmt: skip


class Hotel:
    """Files what was printed with a station; its clock stands at the end on the morning after LAST."""

    def __init__(self, site: Any) -> None:
        self._journal, self._clock = site.journal, site.clock
        self._prints: list[tuple[datetime, dict[str, Any]]] = []
        #: the documents that are looked at, by what they are here
        self.numbers: dict[str, int] = {}

    async def live(self) -> None:
        morning = self._clock.at
        for back in range(NIGHTS - 1, -1, -1):
            self._night(LAST - back * DAY, plain=back >= FRESH)
        self._days()
        numbers = {}
        for at, order in sorted(self._prints, key=lambda one: one[0]):
            numbers[order["title"], order["day"]] = await self._file(at, **order)
        self._clock.at = morning
        await self._people(numbers)
        self.numbers = {
            "document": numbers["Départs du jour 20/11/2026", LAST],
            "ticket": numbers["Note de bar, table 3", LAST],
        }

    # -- what is printed ----------------------------------------------------------------------------------------------

    def _night(self, day: date, *, plain: bool) -> None:
        """The audit of a night, some minutes apart."""
        by = "camille" if day.weekday() < 5 else "yann"
        for place, (title, kind) in enumerate(REPORTS):
            at = _on(day, f"0{1 + (20 + 4 * place) // 60}:{(20 + 4 * place) % 60:02}")
            if day == LAST and title == MISSING:
                continue
            if day == LAST and title == LATE:
                at = _on(day, "05:41")
            content = report(title, kind, None if plain else day)
            self._print(at, day, f"{title} {day:%d/%m/%Y}", content, user=by)
            if day == LAST and title == TWICE:
                self._print(at + timedelta(minutes=27), day, f"{title} {day:%d/%m/%Y}", content, user=by)

    def _days(self) -> None:
        """Besides the audit: folios, the bar's tickets, a scan, and a print that broke off."""
        for back in range(6):
            day = LAST - back * DAY
            for place in range(3):
                guest = GUESTS[(back * 3 + place) % len(GUESTS)] if back + place else COUPLE[1]
                at = _on(day, f"{8 + place}:{12 + 7 * back:02}")
                number = 2418 - back * 3 - place
                self._print(
                    at, day, f"Facture {number} - {guest}", folio(number, guest, day), user="claire",
                    source="reception", printer="HP-RECEPTION",
                )  # fmt: skip
        for table, lines, total, at in BILLS:
            bill = TICKET.format(when=f"{LAST:%d/%m/%Y} {at}", table=table, lines=lines, total=total)
            title = f"Note de bar, table {table}"
            self._print(_on(LAST, at), LAST, title, paper(bill), source="bar", printer="TICKET", host="192.168.1.31")
        scan = "Bon de livraison blanchisserie"
        self._print(_on(LAST, "14:05"), LAST, scan, picture(), user="claire", source="numerisations", printer="")
        cut = report("Balance clients", "guests", LAST)[:1500]
        self._print(_on(LAST, "01:31"), LAST, "Balance clients", cut, user="camille", partial=GONE, name="b.pdf")

    def _print(self, at: datetime, day: date, title: str, content: bytes, **more: Any) -> None:
        self._prints.append((at, {"title": title, "day": day, "content": content, **more}))

    async def _file(self, at: datetime, *, title: str, day: date, content: bytes, **more: Any) -> int:
        self._clock.at = moment = int(at.timestamp() * 1000)
        source, printer = more.pop("source", "audit"), more.pop("printer", "audit")
        document = Document.of(content, name=more.pop("name", f"{title}.pdf"))
        origin = Origin(source, more.pop("user", ""), more.pop("host", "192.168.1.12"))
        capture = Capture(
            origin, f"{title} {at}", (Part(document),), title, printer, moment,
            attributes={"sides": "one-sided", "media": "iso_a4_210x297mm"}, **more,
        )  # fmt: skip
        goes_on = day == LAST and source == "audit" and not capture.partial
        jobs = (Submission(document, origin, "HP-RECEPTION", title=title, format="pdf"),) if goes_on else ()
        filed = await self._journal.keeping.file(Filing(capture, _keep(day, source), jobs))
        for job in filed.jobs:
            await self._journal.record([Change(job.id, "processing")])
            self._clock.advance(9_000)
            done = Evidence("printed")
            await self._journal.record([Change(job.id, "completed", "job-completed-successfully", evidence=done)])
        return int(filed.number)

    # -- what people do -----------------------------------------------------------------------------------------------

    async def _people(self, numbers: dict[tuple[str, date], int]) -> None:
        """A hold, signatures, a note, the packs that went out."""
        keeping = self._journal.keeping
        held = numbers["Facture 2411 - Mme Nakamura", LAST - 2 * DAY]
        await keeping.hold([held], "Litige avec le client, dossier 2026-31", "claire")
        for back in range(NIGHTS - 1, 0, -1):
            day = LAST - back * DAY
            at = _ms(_on(day + DAY, "07:05")) if back != 9 else None
            who = ("Camille Roy" if day.weekday() < 5 else "Yann Morvan") if at else ""
            night = Night(day.isoformat(), "", "", None, who, at, _ms(_on(day + DAY, "09:00")))
            await keeping.put_night(night, "night-signed")
        note = Night(LAST.isoformat(), NOTE, "camille", _ms(_on(LAST, "05:52")))
        await keeping.put_night(note, "night-noted")


# -- its documents ----------------------------------------------------------------------------------------------------


def report(title: str, kind: str, day: date | None) -> bytes:
    """A page as hotel programs print them; with no day in it where that is None."""
    rows = {"figures": _figures, "guests": _guests, "rooms": _rooms}[kind](Random(f"{title}{day}"))  # noqa: S311
    if day and (title, (LAST - day).days) in STAY:
        rows.insert(4, COUPLE)
    of = f"Date hôtelière : {day:%d/%m/%Y}" if day else "Exercice 2026"
    return sheet(title, of, rows)


def folio(number: int, guest: str, day: date) -> bytes:
    chance = Random(number)  # noqa: S311
    nights, rate = chance.randint(1, 4), chance.choice((98, 112, 128, 145))
    rows = [
        ("Chambre", str(chance.randint(101, 318)), "", ""),
        ("Date", "Prestation", "Quantité", "Montant"),
        *((f"{day - back * DAY:%d/%m/%Y}", "Nuitée, petit-déjeuner compris", "1", _euros(rate))
          for back in range(nights, 0, -1)),
        (f"{day - DAY:%d/%m/%Y}", "Bar du Phare", "1", _euros(29.5)),
        ("", "Taxe de séjour", str(nights * 2), _euros(nights * 2 * 1.65)),
        ("", "Total à payer", "", _euros(nights * rate + 29.5 + nights * 3.3)),
        ("", "Réglé par carte bancaire", "", _euros(nights * rate + 29.5 + nights * 3.3)),
    ]  # fmt: skip
    return sheet(f"Facture {number}", f"{guest} - {day:%d/%m/%Y}", rows)


def sheet(title: str, of: str, rows: Sequence[Sequence[str]]) -> bytes:
    """A4, in four columns; the first row is their head where it has no empty field."""
    drawn = [text("Hôtel du Phare", 50, 790, 11), text("12 quai des Brumes, 76600 Le Havre", 50, 776, 9)]
    drawn += [text(_escaped(title), 50, 735, 22, "F3"), text(_escaped(of), 50, 714, 12), box(50, 704, 495, 1)]
    for place, row in enumerate(rows):
        y = 682 - 20 * place
        if place % 2:
            drawn.append(box(50, y - 6, 495, 20, 0.94))
        drawn += [
            text(_escaped(word), x, y, 11, "F3" if place == 0 else "F1")
            for x, word in zip((56, 190, 400, 470), row, strict=True)
        ]
    return pdf("".join(drawn), page=_FONTS)


def paper(ticket: str) -> bytes:
    """The bytes for a receipt printer."""
    known = profile("TM-T88V")
    return language("escpos", known).encode(read(ticket.encode(), known.media, {}), known.media).data


def picture() -> bytes:
    """A scan of something that was written elsewhere."""
    scan = Image.new("L", (820, 1160), 246)
    ink, large, small = ImageDraw.Draw(scan), ImageFont.load_default(44), ImageFont.load_default(26)
    ink.text((70, 80), "Blanchisserie des Bassins", 40, large)
    ink.text((70, 150), "Bon de livraison no 5512 - Hotel du Phare", 60, small)
    for place, (what, count) in enumerate((("Draps plats", 84), ("Taies", 120), ("Serviettes", 96), ("Peignoirs", 12))):
        ink.text((70, 260 + 60 * place), what, 70, small)
        ink.text((640, 260 + 60 * place), str(count), 70, small)
        ink.line((70, 302 + 60 * place, 750, 302 + 60 * place), 190, 2)
    ink.line((480, 900, 560, 850, 600, 910, 690, 840), 30, 5)
    out = io.BytesIO()
    scan.rotate(-0.6, fillcolor=238).save(out, "JPEG", quality=70)
    return out.getvalue()


def _figures(chance: Random) -> list[tuple[str, ...]]:
    rows = [("Poste", "Jour", "Mois", "Année")]
    for name in FIGURES:
        today = chance.uniform(20, 4800)
        rows.append((name, _euros(today), _euros(today * 19), _euros(today * 290)))
    return rows


def _guests(chance: Random) -> list[tuple[str, ...]]:
    rows = [("Chambre", "Client", "Nuits", "Solde")]
    for name in chance.sample(GUESTS, 11):
        nights = chance.randint(1, 5)
        rows.append((str(chance.randint(101, 318)), name, str(nights), _euros(nights * chance.choice((98, 128, 145)))))
    return rows


def _rooms(chance: Random) -> list[tuple[str, ...]]:
    rows = [("Chambre", "État", "Lits", "Étage")]
    return rows + [(str(100 * (place // 8 + 1) + place % 8), chance.choice(ROOMS), "2", str(place // 8 + 1))
                   for place in range(1, 24)]  # fmt: skip


def _euros(amount: float) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",")


def _escaped(words: str) -> str:
    return words.replace("(", r"\(").replace(")", r"\)")


def _keep(day: date, source: str) -> Keep:
    years = 6 if source == "bar" else 10
    end = datetime(day.year + years + 1, 1, 1)  # noqa: DTZ001 - as `_on`
    return Keep(_ms(end), day.isoformat())


def _on(day: date, at: str) -> datetime:
    """On the clock on the wall of the hotel, wherever it is; what is early belongs to the night before."""
    wall = time.fromisoformat(at.zfill(5))
    return datetime.combine(day + DAY * (wall < time(6)), wall)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
