"""Tests of the Vietnamese text room."""
