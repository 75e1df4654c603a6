"""Operations on an installation: backup, verification, takedown, maintenance, doctor."""
