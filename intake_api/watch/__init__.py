"""Early warning: daily counts of people in, alerts out. Pure; knows no database and no clock."""
