"""The traits that the world's contacts carry: a dozen common ones and thirty rare ones."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.sandbox import words


@dataclass(frozen=True, slots=True)
class Choice:
    """A trait that takes one of a few values. `known_of_anyone`: also of anonymous visitors."""

    name: str
    values: tuple[str, ...]
    weights: tuple[float, ...]
    known_of_anyone: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A trait with a whole number below `limit`, small ones more often."""

    name: str
    limit: int


@dataclass(frozen=True, slots=True)
class Rare:
    """A trait that one contact in `one_in` has. `values` None: a date of the last year."""

    name: str
    one_in: int
    values: tuple[str, ...] | None


PLANS = ("free", "starter", "pro", "enterprise")
YES_NO = ("T", "F")

CHOICES = (
    Choice("plan", PLANS, (46, 24, 22, 8)),
    Choice("role", ("admin", "manager", "member", "viewer", "billing"), (18, 22, 45, 12, 3)),
    Choice(
        "country",
        ("US", "DE", "GB", "FR", "BR", "ES", "NL", "IN", "JP", "NG", "PL", "SE"),
        (30, 13, 11, 9, 7, 6, 5, 6, 4, 3, 3, 3),
        known_of_anyone=True,
    ),
    Choice(
        "language",
        ("en", "de", "fr", "es", "pt", "ja", "nl"),
        (58, 13, 9, 8, 6, 3, 3),
        known_of_anyone=True,
    ),
    Choice(
        "utm_source",
        ("google", "newsletter", "linkedin", "referral", "product-hunt"),
        (48, 17, 15, 14, 6),
        known_of_anyone=True,
    ),
    Choice("is_admin", YES_NO, (20, 80)),
    Choice("newsletter", YES_NO, (55, 45)),
)
NUMBERS = (Number("seats", 250), Number("projects_count", 60), Number("lifetime_value", 12_000))

RARE = (
    Rare("api_calls_last_month", 20, tuple(map(str, range(120, 90_000, 1_117)))),
    Rare("badge_name", 600, ("Speaker", "Mentor", "Early bird")),
    Rare("beta_reports_enabled", 40, YES_NO),
    Rare("billing_city", 12, words.CITIES),
    Rare("certification_level", 150, ("Bronze", "Silver", "Gold")),
    Rare("contract_renewal_at", 14, None),
    Rare("crm_owner", 25, ("Dana Whitfield", "Marcus Adeyemi", "Ilse van Dam")),
    Rare("dark_mode", 9, YES_NO),
    Rare("data_region", 30, ("eu-central", "us-east", "ap-south")),
    Rare("discount_code", 45, ("SPRING20", "FRIENDS", "NGO50", "WELCOME-BACK")),
    Rare("favourite_integration", 18, ("Slack", "Jira", "HubSpot", "Zapier", "Notion")),
    Rare("feature_flags", 35, ("reports-v2", "reports-v2, new-nav", "ai-summaries")),
    Rare("import_source", 80, ("CSV", "Trello", "Asana")),
    Rare("internal_note", 400, ("Prefers calls before 10:00. " * 8, "Key contact for the renewal")),
    Rare("invited_by", 22, tuple(f"u-{number}" for number in range(1_000, 1_040))),
    Rare("last_invoice_amount", 11, tuple(map(str, range(19, 4_000, 83)))),
    Rare("migration_completed_at", 90, None),
    Rare("mobile_app_version", 16, ("5.2.0", "5.1.3", "4.9.8")),
    Rare("onboarding_specialist", 60, ("Noor", "Tomás", "Freya")),
    Rare("partner_name", 120, ("Blue & Sons", "Kestrel “Cloud” GmbH", "Oak, Pine & Co.")),
    Rare("preferred_channel", 28, ("email", "phone", "chat")),
    Rare("previous_tool", 33, ("Spreadsheets", "In-house tool", "Sticky notes")),
    Rare("referral_code", 50, tuple(f"RF-{number:05d}" for number in range(10_007, 10_907, 31))),
    Rare("seats_invited", 10, tuple(map(str, range(1, 40)))),
    Rare("slack_connected", 8, YES_NO),
    Rare("sso_provider", 26, ("Okta", "Entra ID", "Google")),
    Rare("support_tier", 13, ("standard", "priority", "dedicated")),
    Rare("t_shirt_size", 900, ("S", "M", "L", "XL")),
    Rare("two_factor_enabled", 7, YES_NO),
    Rare("webinar_attended_at", 38, None),
)
