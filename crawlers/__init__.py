"""The Scrapy project that fetches documents and pages; run as ``python -m crawlers``. Nothing else imports scrapy."""
