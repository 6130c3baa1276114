"""The pages in a real browser: signing in, going down from a figure, the keyboard, and widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD

SeenBy = Callable[..., Page]

PAGES = [
    "/", "/stock/", "/items/", "/items/BOLT/", "/orders/L1/PO-1/", "/owed/", "/advices/",
    "/advices/northwind-000001/", "/advices/northwind-000001/1/", "/agreements/A-ACME/",
    "/exceptions/", "/aging/", "/entries/L1/12/", "/consumption/L1/1/",
]  # fmt: skip

CONTRAST = """() => {
  const number = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = number(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const said = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!said || !element.checkVisibility()) continue;
    if (element.closest('.skip, .unseen, svg, option')) continue;
    const [a, b] = [light(number(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${element.className} ${element.textContent.trim()} ${ratio}`);
  }
  return faint;
}"""


def test_signing_in_and_out(page: Page, address: str) -> None:
    page.goto(f"{address}/items/BOLT/")
    page.get_by_label("Username").fill("northwind")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="BOLT Hex bolt M8")).to_be_visible()
    page.get_by_text("Northwind Stores", exact=True).first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.rows("L31", "O01")
def test_a_figure_opens_down_to_the_use_behind_it(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/")
    owed = page.get_by_role("table", name="What we owe, by agreement and organization")
    owed.get_by_role("row", name="A-ACME L1").get_by_role("link", name="USD").nth(1).click()
    expect(page.get_by_role("heading", name="Advices")).to_be_visible()
    page.get_by_role("row", name="Invoice held").get_by_role("link").first.click()
    page.get_by_role("table", name="Lines of the advice").get_by_role("link", name="USD").click()
    entries = page.get_by_role("table", name="Title entries")
    expect(entries).to_contain_text("Acme Fasteners at STORE")
    entries.get_by_role("link", name="ent_").first.click()
    expect(page.get_by_text("Title passed; the goods stayed where they were.")).to_be_visible()
    page.get_by_role("link", name="till T5").click()
    expect(page.get_by_role("heading", name="Consumption T5")).to_be_visible()


@pytest.mark.rows("E29", "L35")
def test_the_holder_sees_whose_goods_it_holds(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/")
    picture = page.get_by_role("figure").first
    expect(picture).to_contain_text("Acme Fasteners")
    expect(picture.get_by_role("img", name="Bolt Brothers").first).to_be_visible()
    picture.get_by_role("link", name="Bolt Brothers").click()
    rows = page.get_by_role("table", name="Goods on hand").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("Consigned")
    expect(rows.nth(1)).to_contain_text("PO-2")


@pytest.mark.rows("E30", "E31")
def test_the_owner_sees_its_goods_elsewhere_as_not_available(seen_by: SeenBy) -> None:
    page = seen_by("acme", "/")
    page.get_by_role("link", name="Ours elsewhere").click()
    rows = page.get_by_role("table", name="Our goods in others' hands").get_by_role("row")
    expect(rows).to_have_count(4)
    for number in (1, 2, 3):
        expect(rows.nth(number)).to_contain_text("Not available")
    expect(page.get_by_text("Bolt Brothers")).to_have_count(0)


def test_filters_and_order_live_in_the_address(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/stock/")
    page.get_by_label("Ownership").select_option("owned")
    page.get_by_role("button", name="Show").click()
    table = page.get_by_role("table", name="Goods on hand")
    expect(table.get_by_role("row")).to_have_count(2)
    assert "ownership=owned" in page.url
    page.get_by_role("link", name="Show all").click()
    page.get_by_role("link", name="Received").click()
    assert "sort=received_on" in page.url
    header = table.get_by_role("columnheader", name="Received")
    expect(header).to_have_attribute("aria-sort", "ascending")


def test_the_list_shown_is_the_file_saved(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/stock/?owner=acme")
    with page.expect_download() as saving:
        page.get_by_role("link", name="CSV").click()
    assert saving.value.suggested_filename.startswith("stock-")
    text = saving.value.path().read_text()
    assert len(text.splitlines()) == 3
    assert "bolts" not in text


def test_everything_is_reached_by_keyboard(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator("main :focus")
    expect(focused).to_be_visible()
    outline = focused.evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(seen_by: SeenBy, scheme: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1, in both schemes."""
    page = seen_by("northwind", "/", color_scheme=scheme)
    for path in PAGES:
        page.goto(path)
        assert page.evaluate(CONTRAST) == [], path
    page.evaluate("document.querySelectorAll('main *').forEach(e => e.style.color = '#767676')")
    assert page.evaluate(CONTRAST) != [], "it would not notice"


@pytest.mark.parametrize("width", [320, 390, 680, 1280])
def test_no_page_is_wider_than_its_screen(seen_by: SeenBy, width: int) -> None:
    """320 is a phone, and 1280 at 400 %; 680 is 1360 at 200 %."""
    page = seen_by("northwind", "/", viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(path)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, f"{path} is {too_wide} px too wide at {width}"


def test_every_page_has_one_heading_and_named_parts(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/")
    for path in PAGES:
        page.goto(path)
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("main").count() == 1
        unnamed = page.evaluate(
            "[...document.querySelectorAll('a, button, input:not([type=hidden]), select')]"
            ".filter(e => !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"
        )
        assert unnamed == 0, path


def test_no_page_asks_for_anything_from_elsewhere(seen_by: SeenBy, address: str) -> None:
    page = seen_by("northwind", "/")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        page.goto(path)
    assert complaints == []
    assert [url for url in asked if not url.startswith(address)] == []


def test_a_page_prints_its_tables_and_leaves_out_the_rest(seen_by: SeenBy) -> None:
    page = seen_by("northwind", "/stock/")
    page.emulate_media(media="print")
    expect(page.get_by_role("table", name="Goods on hand")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("link", name="CSV")).to_be_hidden()
