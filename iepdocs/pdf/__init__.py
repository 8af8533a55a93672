"""PDFs of Word documents, one by one and as one to print; knows nothing of IEPs."""
