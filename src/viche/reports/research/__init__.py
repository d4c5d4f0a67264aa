"""Everything about contests for researchers and auditors: one archive of Parquet files with its data dictionary."""
