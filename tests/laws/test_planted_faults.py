"""Every fault that is planted is found. (Without one nothing is: test_history.)"""

from tests.laws.planted_faults import FAULTS_PLANTED, found_by, table


def test_every_planted_fault_is_found_by_a_law():
    found = {planted.name: found_by(planted) for planted in FAULTS_PLANTED}
    print(table(found))
    assert [name for name, law in found.items() if law is None] == []
