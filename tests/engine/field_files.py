"""Made-up files with the structure of real ones: what surrounds a table, and how it is cut.

Each file has the shape and the first names that a careful person would read from it. `BEFORE` was
written before the rules of the reader were, and judges them; `AFTER` was written with them.
"""

import random
from typing import NamedTuple


class Made(NamedTuple):
    """A file and what a right reader finds in it."""

    data: bytes
    shape: tuple[int, int]
    names: list[str]  # the first ones; [] where none are told


def lines(*rows: str, end: str = "\n") -> str:
    """The rows as text."""
    return "".join(row + end for row in rows)


def numbers(count: int, width: int, mark: str = ",", seed: int = 0, form: str = "{:.1f}"):
    """Rows of numbers."""
    rng = random.Random(seed)
    return [mark.join(form.format(rng.uniform(0, 90)) for _ in range(width)) for _ in range(count)]


def monthly(years: int, form: str):
    """Rows of a climate station: year, month and five values."""
    rng = random.Random(years)
    for year in range(1950, 1950 + years):
        for month in range(1, 13):
            yield form.format(year, month, *(rng.uniform(1, 150) for _ in range(5)))


STATION = "{:7d}{:4d}{:8.1f}{:8.1f}{:8.1f}{:8.1f}{:8.1f}"
STATION_NAMES = "   yyyy  mm   tmax    tmin      af    rain     sun"
STATION_UNITS = "              degC    degC    days      mm   hours"


def prose_above():
    """Prose, and columns that blanks align."""
    body = list(monthly(3, STATION))
    text = lines("Northern Harbour", "Location 4200E 5300N, Lat 51.4 Lon -0.4, 25 metres amsl")
    text += lines("Estimated data is marked with a * after the value.")
    text += lines("Missing data is marked by ---.", STATION_NAMES, STATION_UNITS, *body)
    yield "station with names and units", text, (36, 7), ["yyyy"]
    marked = [line if i % 5 else line[:19] + "     ---" + line[27:] for i, line in enumerate(body)]
    tail = [line + "  Provisional" for line in marked[-3:]]
    yield (
        "station, missing, provisional at the end",
        lines("Some Place", STATION_NAMES, STATION_UNITS, *marked[:-3], *tail),
        (36, 7),
        ["yyyy"],
    )
    yield "prose of four words over seven", lines("These are four words", *body), (36, 7), []
    yield (
        "two columns by blanks under long prose",
        lines(
            "This file was written by the logger in the cellar.",
            "It holds depth in metres and the temperature there.",
            "",
            "depth temp",
            *(f"{i:5d}   {20 - i / 10:.2f}" for i in range(30)),
        ),
        (30, 2),
        ["depth", "temp"],
    )
    rows = [
        f"{name:<18}{i:4d}{i * 1.7:10.2f}" for i, name in enumerate(["Oslo", "Rome", "Bern"] * 6)
    ]
    yield (
        "a column of words first",
        lines("Cities that were asked", "", "city               n        km", *rows),
        (18, 3),
        ["city", "n", "km"],
    )
    yield (
        "two words in a cell",
        lines(
            "name               n        km",
            *(
                f"{name:<18}{i:4d}{i * 1.7:10.2f}"
                for i, name in enumerate(["New York", "Rome", "Los Angeles", "Bern"] * 5)
            ),
        ),
        (20, 3),
        ["name", "n", "km"],
    )


def key_values():
    """Settings above a table."""
    keys = [f'"Key {i}:","{i * 3}"' for i in range(9)]
    yield (
        "nine settings over a small table",
        lines('"Report of a plant"', *keys, "", '"Month","AC","Sun","Value"')
        + lines(*(f'"{i}","{i * 100}","{i * 2.5}","{i * 7}"' for i in range(1, 7))),
        (6, 4),
        ["Month", "AC"],
    )
    settings = ["Station;North", "Height;120 m", "Sensor;PT100", "Serial;77-12", "Version;2.1"]
    yield (
        "settings right above the names",
        lines(*settings, "Time;Temp;Hum;Wind") + lines(*numbers(12, 4, ";")),
        (12, 4),
        ["Time", "Temp", "Hum", "Wind"],
    )
    yield (
        "settings by colon",
        lines("Device: ABC 12", "Date: 2020-05-05", "Rate: 50 Hz", "", "t,x,y,z")
        + lines(*numbers(15, 4)),
        (15, 4),
        ["t", "x", "y", "z"],
    )
    yield (
        "settings padded to the table's width",
        lines("Device,ABC,,,", "Rate,50,,,", ",,,,", "t,x,y,z,k", *numbers(15, 5)),
        (15, 5),
        ["t", "x", "y", "z", "k"],
    )


def several_tables():
    """More than one table in a file."""
    first, other = numbers(14, 3), numbers(6, 3, seed=1)
    yield (
        "the larger one is second",
        lines("kind,count", "red,5", "blue,7", "", "x,y,z,k,m", *numbers(20, 5)),
        (20, 5),
        ["x", "y", "z", "k", "m"],
    )
    yield (
        "the larger one is first",
        lines("x,y,z", *first, "", "sum of,n", "red,5", "blue,7"),
        (14, 3),
        ["x", "y", "z"],
    )
    yield "two alike", lines("a,b,c", *first, "", "a,b,c", *other), (14, 3), ["a", "b", "c"]


def several_headers():
    """Rows of names, types, units and flags."""
    rng = random.Random(4)
    rows = [
        f"{rng.randint(20, 80)}\t{rng.choice('mf')}\t{rng.randint(150, 300)}\t{rng.choice('01')}"
        for _ in range(20)
    ]
    names = "age\tsex\tchol\tnarrow"
    flags = lines("c\td\tc\td", "\t\t\tclass")
    yield "types c, d", lines(names) + flags + lines(*rows), (20, 4), ["age", "sex"]
    long = lines("continuous\tm f\tcontinuous\t0 1", "meta\t\t\tclass")
    yield "types in words", lines(names) + long + lines(*rows), (20, 4), ["age", "sex"]
    units = lines("Date/Time,Temp,Wind,Rain", ",°C,m/s,mm", ",Avg,Avg,Tot")
    days = [f"2020-05-{i + 1:02d},{i / 2},{i / 4:.2f},{i % 3}" for i in range(25)]
    yield "units and kinds", units + lines(*days), (25, 4), ["Date/Time"]
    toa = lines(
        '"TOA5","CR1000","CR1000","8767","CR1000.Std.31","CPU:prog.CR1","37412","Table1"',
        '"TIMESTAMP","RECORD","BattV","AirTC","RH"',
        '"TS","RN","Volts","Deg C","%"',
        '"","","Min","Avg","Smp"',
    )
    stamps = [f'"2019-03-{i + 1:02d} 00:00:00",{i},12.{i},{i}.5,80.1' for i in range(20)]
    yield "a logger's four lines", toa + lines(*stamps), (20, 5), ["TIMESTAMP TS", "RECORD RN"]
    cars = [f"car {i};{i + 10}.0;{i * 3};{'US' if i % 2 else 'Japan'}" for i in range(22)]
    yield (
        "type words",
        lines("Car;MPG;Weight;Origin", "STRING;DOUBLE;INT;CAT", *cars),
        (22, 4),
        ["Car", "MPG", "Weight", "Origin"],
    )
    yield (
        "types as programs call them",
        lines(
            "id,x,name,ok", "int,float,str,bool", *(f"{i},{i / 3:.2f},n{i},True" for i in range(9))
        ),
        (9, 4),
        ["id", "x", "name", "ok"],
    )


def times_with_blanks():
    """Date-times with blanks inside."""
    yield (
        "twelve hours",
        lines("time,t", *(f"05/14/21 12:{i:02d}:32 AM,{i}.00" for i in range(10))),
        (10, 2),
        ["time", "t"],
    )
    yield (
        "from - to",
        lines(
            "MTU,price",
            *(f"01.01.2018 {i:02d}:00 - 01.01.2018 {i + 1:02d}:00,{i}.5" for i in range(20)),
        ),
        (20, 2),
        ["MTU", "price"],
    )
    yield (
        "weekday and month in words",
        lines("when;load", *(f"Mon 3 May 2021 {i:02d}:00;{i * 3}" for i in range(20))),
        (20, 2),
        ["when", "load"],
    )
    yield (
        "alone, a column of its own",
        lines("when", *(f"2021-05-03 {i:02d}:00:00" for i in range(20))),
        (20, 1),
        ["when"],
    )


def ends():
    """What stands under a table."""
    months = [f"2020-{i:02d},{i * 31},{i * 2.5}" for i in range(1, 13)]
    yield "a total", lines("Month,AC,Sun", *months, "Total,2418,195.0"), (12, 3), ["Month"]
    yield (
        "a total and a remark",
        lines("Month,AC,Sun", *months, "Sum,2418,195.0", "", "Source: the plant"),
        (12, 3),
        ["Month"],
    )
    yield (
        "remarks of some commas",
        lines("Month,AC,Sun", *months, "", "Note, all values are rough, and rounded"),
        (12, 3),
        ["Month"],
    )
    yield (
        "a word Total that is a category",
        lines(
            "group,n,x", *(f"{g},{i},{i * 2}" for i in range(6) for g in ("Men", "Women", "Total"))
        ),
        (18, 3),
        ["group"],
    )


def trailing():
    """Delimiters at the end of lines, and row names."""
    rows = [f"{i};{i * 101};{16 - i / 2};" for i in range(1, 20)]
    yield "below only", lines("day;sales;temp", *rows), (19, 3), ["day", "sales", "temp"]
    yield "above, too", lines("day;sales;temp;", *rows), (19, 3), ["day", "sales", "temp"]
    yield (
        "two at the end of each line",
        lines(
            "Date;CO;NOx;;", *(f"{i}/03/2004;2,{i};16{i};;" for i in range(1, 20)), ";;;;", ";;;;"
        ),
        (19, 3),
        ["Date", "CO", "NOx"],
    )
    words = ["Mazda RX4", "Datsun 710", "Fiat 128", "Toyota", "Merc 230"]
    yield (
        "row names in words",
        lines('"mpg","cyl"', *(f'"{w} {i}",{20 + i},{i}' for i, w in enumerate(words * 3))),
        (15, 3),
        ["row", "mpg", "cyl"],
    )
    yield (
        "row names by blanks",
        lines("mpg cyl hp", *(f'"{w} {i}" {20 + i} {i} {i * 9}' for i, w in enumerate(words * 3))),
        (15, 4),
        ["row", "mpg", "cyl", "hp"],
    )


def names():
    """Names that look like something else."""
    genes = [f"gene {i},{i * 3 - 12},{i + 55},{i * 7}" for i in range(12)]
    yield "numbers as names", lines("Gene,1,2,3", *genes), (12, 4), ["Gene", "1", "2", "3"]
    wide = [f"land {i},{i * 3.5},{i + 5.1},{i * 7.2}" for i in range(12)]
    yield "years as names", lines("Country,1990,1991,1992", *wide), (12, 4), ["Country", "1990"]
    yield (
        "faults of a spreadsheet below the names",
        lines("a,b,y", "#N/A,#DIV/0!,0", *(f"{i},{i / 10},{i % 2}" for i in range(20))),
        (21, 3),
        ["a", "b", "y"],
    )
    pairs = ["Anna Maria", "John Paul", "Eva Luise", "Karl Heinz"]
    yield "one column of two words", lines("name", *pairs * 5), (20, 1), ["name"]
    yield (
        "apostrophes",
        lines("word,n", *(f"'{w}' it's,{i}" for i, w in enumerate(["n", "rock", "t"] * 5))),
        (15, 2),
        ["word", "n"],
    )


def encodings():
    """Encodings and ends of lines."""
    late = b"a,b\r" + b"1,2\r" * 600 + b"x,\xe9\r" * 20
    yield "CR only, an accent late", late, (620, 2), ["a", "b"]
    text = lines("SEP=;", "größe;y", *(f"{i},5;{i}" for i in range(20)), end="\r\n")
    yield "SEP in capitals, cp1252", text.encode("cp1252"), (20, 2), ["größe", "y"]
    wide = lines("Sep=\t", "a\tb", *(f"{i}\t{i}" for i in range(9)), end="\r\n")
    yield "sep, UTF-16", wide.encode("utf-16"), (9, 2), ["a", "b"]
    yield (
        "comments of a program",
        lines("# made by a program", "# rate 50", "#t v w", *numbers(10, 3, " ")),
        (10, 3),
        [],
    )


def collected(*families) -> dict[str, Made]:
    """The files of some families by name."""
    made = {}
    for family in families:
        for name, text, shape, first in family():
            data = text if isinstance(text, bytes) else text.encode()
            made[f"{family.__name__}: {name}"] = Made(data, shape, first)
    return made


BEFORE = collected(
    prose_above,
    key_values,
    several_tables,
    several_headers,
    times_with_blanks,
    ends,
    trailing,
    names,
    encodings,
)
