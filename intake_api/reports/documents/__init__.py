"""Administrative documents by Decree 30/2020/NĐ-CP: one content model, written as .docx and PDF."""
