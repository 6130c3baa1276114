from tests.service import world as w
from consigned_service.queries import *
from consigned_service.records import models
import pytest
def test_it(database):
    world=w.build()
    from consigned_service.queries import stock, owed, items, advices, exceptions, agreements, title, orders, consumption, parties
    for v in (world.northwind, world.acme, world.bolts, world.contoso, world.nobody):
        print("=====",v)
        for row in stock.on_hand(v,today=w.TODAY).rows: print(row.item,row.owner,row.organization,row.place,row.order,row.age_days,str(row.quantity),str(row.value),row.ownership,row.condition)
        print([tuple(map(str,h)) for h in stock.held_by_consignor(v,w.TODAY)])
        print([tuple(map(str,h)) for h in stock.off_site_by_holder(v,w.TODAY)])
        for o in owed.owed(v): print(o.agreement,o.organization,*map(str,(o.running,o.advised,o.invoiced,o.total)))
        for i in items.items(v).rows: print(*map(str,i))
        for a in advices.advices(v).rows: print(*map(str,a))
        for e in exceptions.exceptions(v).rows: print(*map(str,e))
        for e in agreements.agreements(v,today=w.TODAY).rows: print(e.number,e.closed_through,e.next_closing_on)
        for o in orders.orders(v).rows:
            print(*map(str,o))
            for l in orders.order(v,o.organization,o.number).lines: print('  ',*map(str,l))
        h=title.title_history(v,"BOLT",limit=4)
        while True:
            for e in h.entries: print(e.happened_on,e.label,e.kind,e.quantity,e.source,">",e.target,e.reference,e.recorded_by,e.charged and str(e.charged.value))
            if not h.before: break
            h=title.title_history(v,"BOLT",limit=4,before=h.before)
        i=items.item_360(v,"BOLT",today=w.TODAY)
        if i:
            for o in i.organizations: print(*map(str,o))
            for o in i.open_orders: print(*map(str,o))
        for a in advices.advices(v).rows:
            for l in advices.advice(v,a.number).lines.rows:
                x=advices.advice_line_entries(v,a.number,l.line)
                print(a.number,l.line,l.item,str(l.quantity),str(l.amount),[str(t.amount) for t in x.totals],[str(e.quantity) for e in x.entries], [str(i.standing) for i in advices.advice(v,a.number).invoices])
        for n in range(1,5):
            c=consumption.consumption(v,"L1",n)
            print(c and (str(c.quantity),c.customer,len(c.entries),[x.sentence for x in c.waiting]))
        print(parties.consignors(v),parties.consignees(v),parties.organizations(v))
        print([str(o.running) for o in owed.owed(v,on=__import__('datetime').date(2026,3,9))], len(stock.on_hand(v,today=w.TODAY,as_of=__import__('datetime').date(2026,3,3)).rows))
