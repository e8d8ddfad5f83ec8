"""The contract's words and the numbers of its calendar, typed out from its text: nothing here is read from the program."""

from __future__ import annotations

MY_NUMBER = "621498320257"  # the public test vector of a 12-digit individual number
LANES = ["issuance", "certificate", "application", "registration"]
SERVICES = [
    ("card_issuance", "issuance", "09:00", "16:30"), ("cert_issue", "certificate", "08:30", "17:00"),
    ("cert_renewal", "certificate", "08:30", "17:00"), ("pin_reset", "certificate", "08:30", "17:00"),
    ("reissue_application", "certificate", "08:30", "17:00"), ("application_support", "application", "09:00", "16:30"),
    ("registration_support", "registration", "09:00", "16:30"), ("other", "certificate", "08:30", "17:00"),
]  # fmt: skip
TERMINALS = ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "A1", "A2", "P1", "P2"]
STATUSES = ["expected", "present", "late", "absent", "on_break", "away", "gone"]
MATTERS = ["identity", "cert_decision", "pin_entry", "proxy", "fee", "inquiry"]
ITEMS = [
    "issuance_new", "issuance_renewal", "issuance_reissue",
    "cert_signature_new", "cert_signature_renewal", "cert_signature_revoked",
    "cert_user_auth_new", "cert_user_auth_renewal", "cert_user_auth_revoked",
    "cert_copy", "revocation_receipt", "furigana_print", "pin_change", "pin_reset", "form_reissue",
    "support_received", "support_completed", "support_cancelled",
    "photo", "pickup_guidance", "insurance_signup", "benefit_account", "other_desk_referral", "accommodation",
]  # fmt: skip
CATEGORIES = [
    "personal_info", "complaint", "system_outage", "equipment", "disaster", "injury", "labour_accident",
    "undue_intervention", "other",
]  # fmt: skip
DAYS_OF_A_KIND = {
    "weekday": 482, "saturday": 47, "saturday_peak": 17, "sunday": 104, "saturday_closed": 38, "holiday": 31,
    "year_end": 9, "training_closure": 3,
}  # fmt: skip
# What `close` is answered of the enquiries and the card stock (6), as an answers file has it.
TOPICS_AND_CARDS = """
[topics]
"持ち物" = 4

[cards]
received = 20
issued = 1
returned = 0
left = 120
"""
