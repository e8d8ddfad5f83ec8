"""Read the files of ticket machines and offices as a description of theirs says, row by row, into checked facts."""
