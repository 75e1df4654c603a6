"""Settings and shipped data: sources, speakers, watches, the words of the beat. Loads and checks; decides nothing."""
