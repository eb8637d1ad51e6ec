"""The line to the medical insurance platform (医疗保障信息平台): filings sent once, in order."""
