"""The addresses of the pages: a noun, then the code of one of it."""

from django.urls import path

from consigned_service.interfaces.workbench import (
    acts,
    advices,
    aging,
    agreements,
    consumption,
    entries,
    exceptions,
    items,
    kept,
    orders,
    overview,
    owed,
    runs,
    sessions,
    stock,
    url_converters,  # noqa: F401  # makes `code` and `number` known
)

app_name = "workbench"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("stock/", stock.stock, name="stock"),
    path("elsewhere/", stock.elsewhere, name="elsewhere"),
    path("kept/", kept.kept, name="kept"),
    path("aging/", aging.aging, name="aging"),
    path("items/", items.items, name="items"),
    path("items/<code:item>/", items.item, name="item"),
    path("items/<code:item>/average-cost/", items.average_cost, name="average_cost"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<code:organization>/<code:number>/", orders.order, name="order"),
    path("owed/", owed.owed, name="owed"),
    path("owed/<code:agreement>/<code:organization>/", owed.running, name="running"),
    path("totals/<code:organization>/<number:number>/", owed.total, name="total"),
    path("advices/", advices.advices, name="advices"),
    path("advices/<code:number>/", advices.advice, name="advice"),
    path("advices/<code:number>/transactions/", advices.transactions,
         name="advice_transactions"),
    path("advices/<code:number>/<number:line>/", advices.line, name="advice_line"),
    path("debit-memos/<code:number>/", advices.debit_memo, name="debit_memo"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<code:number>/", agreements.agreement, name="agreement"),
    path("acts/", acts.acts, name="acts"),
    path("acts/<code:kind>/", acts.act, name="act"),
    path("runs/", runs.runs, name="runs"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("entries/<code:organization>/<number:number>/", entries.entry, name="entry"),
    path("consumption/<code:organization>/<number:number>/", consumption.consumption,
         name="consumption"),
]  # fmt: skip
