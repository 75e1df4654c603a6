"""What keeps an installation sound: backup, verification, takedown, maintenance, doctor."""
